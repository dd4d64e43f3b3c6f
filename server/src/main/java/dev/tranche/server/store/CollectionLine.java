package dev.tranche.server.store;

import dev.tranche.server.operation.Rows.CollectionRow;
import java.time.LocalDateTime;
import java.util.HexFormat;

/** A row of the table {@code collection}, column by column, but for the text of its definition. */
@SuppressWarnings(
        "ArrayRecordComponent") // never compared: it only crosses between row and statement
record CollectionLine(
        long id,
        String name,
        byte[] definitionHash,
        long version,
        int constraintLast,
        LocalDateTime createdAt,
        String createdBy,
        LocalDateTime updatedAt,
        String updatedBy) {

    static CollectionLine of(CollectionRow row) {
        return new CollectionLine(
                row.id(),
                row.name(),
                row.definition().hash(),
                row.version(),
                row.numberLast(),
                Times.column(row.created().at()),
                row.created().by(),
                Times.column(row.updated().at()),
                row.updated().by());
    }

    /** Names one state of its definition and of the numbers of its constraints. */
    Definitions.Key definitionKey() {
        return new Definitions.Key(id, version, HexFormat.of().formatHex(definitionHash));
    }

    CollectionRow row(Definitions.Entry definition) {
        return new CollectionRow(
                id,
                name,
                definition.definition(),
                definition.constraints(),
                definition.references(),
                constraintLast,
                version,
                Times.stamp(createdAt, createdBy),
                Times.stamp(updatedAt, updatedBy));
    }
}
