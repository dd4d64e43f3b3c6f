package dev.tranche.server.store;

import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements on the table {@code workspace}. */
interface WorkspaceMapper {

    /** The live workspace of a name. */
    @Nullable WorkspaceLine find(String name);

    /** The same, locked exclusively. */
    @Nullable WorkspaceLine lock(String name);

    /** The same, locked shared. */
    @Nullable WorkspaceLine share(String name);

    /** Live workspaces after a name, in the order of their names. */
    List<WorkspaceLine> list(String after, int limit);

    void insert(WorkspaceLine line);

    void delete(long id, LocalDateTime deletedAt, String deletedBy);
}
