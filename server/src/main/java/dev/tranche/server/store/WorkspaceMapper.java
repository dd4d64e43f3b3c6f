package dev.tranche.server.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements on the table {@code workspace}. */
interface WorkspaceMapper {

    @Nullable WorkspaceLine find(String name);

    /** Workspaces after a name, in the order of their names. */
    List<WorkspaceLine> list(String after, int limit);

    void insert(WorkspaceLine line);
}
