package dev.tranche.server.execute;

import dev.tranche.server.engine.RowSource;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import java.util.Optional;

/** What a dry run can do inside its transaction: read. */
public interface BatchPreview extends RowSource {

    /** A workspace, not locked; empty if none of this name lives. */
    Optional<WorkspaceRow> workspace(String name);
}
