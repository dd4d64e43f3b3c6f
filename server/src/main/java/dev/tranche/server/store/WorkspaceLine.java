package dev.tranche.server.store;

import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.operation.WorkspaceStage;
import java.time.LocalDateTime;

/** A row of the table {@code workspace}, column by column. */
record WorkspaceLine(
        long id, String name, String stage, LocalDateTime createdAt, String createdBy) {

    static WorkspaceLine of(WorkspaceRow row) {
        return new WorkspaceLine(
                row.id(),
                row.name(),
                row.stage().name(),
                Times.column(row.created().at()),
                row.created().by());
    }

    WorkspaceRow row() {
        return new WorkspaceRow(
                id, name, WorkspaceStage.valueOf(stage), Times.stamp(createdAt, createdBy));
    }
}
