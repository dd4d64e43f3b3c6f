package dev.tranche.server.execute;

import dev.tranche.server.engine.RowSource;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import java.util.List;
import java.util.Optional;

/** What a dry run can do inside its transaction: read. */
public interface BatchPreview extends RowSource {

    /** A workspace, not locked; empty if none of this name lives. */
    Optional<WorkspaceRow> workspace(String name);

    /**
     * Names of the live collections of a workspace, in the order of their UTF-8 bytes.
     *
     * @param limit at most this many
     */
    List<String> collectionNames(long workspace, int limit);

    /** Those of these collections that live, not locked, in no particular order. */
    List<CollectionRow> collections(long workspace, List<String> names);
}
