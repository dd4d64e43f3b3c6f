package dev.tranche.server.engine;

import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import java.util.List;
import java.util.Optional;

/**
 * Port: workspaces, and the collections in them. Every method is a short transaction of its own, and
 * may throw {@link dev.tranche.server.operation.CallFailure} DATABASE_UNAVAILABLE.
 */
public interface Catalog {

    /**
     * Stores a workspace.
     *
     * @return false if its name is taken; nothing has changed then
     */
    boolean create(WorkspaceRow workspace);

    /**
     * Deletes a workspace with what is in it, in constant time, as soon as no batch works in it.
     *
     * @param force also if collections live in it
     */
    Deletion delete(String name, boolean force, Stamp stamp);

    /** What became of a workspace that was to be deleted. */
    enum Deletion {
        /** It is gone, and its name free. */
        DELETED,
        /** There is none of this name. */
        MISSING,
        /** Collections live in it; nothing has changed. */
        NOT_EMPTY
    }

    /** The live workspace of a name. */
    Optional<WorkspaceRow> workspace(String name);

    /**
     * Live workspaces in the order of their names (UTF-8 bytes).
     *
     * @param after only names after this one; empty for all
     * @param limit at most this many
     */
    List<WorkspaceRow> workspaces(String after, int limit);

    /** The live collection of a name. */
    Optional<CollectionRow> collection(long workspaceId, String name);

    /**
     * Live collections in the order of their names (UTF-8 bytes).
     *
     * @param after only names after this one; empty for all
     * @param limit at most this many
     */
    List<CollectionRow> collections(long workspaceId, String after, int limit);
}
