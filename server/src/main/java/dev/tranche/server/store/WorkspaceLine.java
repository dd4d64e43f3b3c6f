package dev.tranche.server.store;

import dev.tranche.server.operation.Rows.WorkspaceRow;
import java.time.LocalDateTime;

/** A row of the table {@code workspace}, column by column. */
record WorkspaceLine(long id, String name, LocalDateTime createdAt, String createdBy) {

    static WorkspaceLine of(WorkspaceRow row) {
        return new WorkspaceLine(
                row.id(), row.name(), Times.column(row.created().at()), row.created().by());
    }

    WorkspaceRow row() {
        return new WorkspaceRow(id, name, Times.stamp(createdAt, createdBy));
    }
}
