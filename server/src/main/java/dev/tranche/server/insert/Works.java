package dev.tranche.server.insert;

import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.insert.Chunk.Work;
import dev.tranche.server.operation.IdExpression;
import dev.tranche.server.operation.Item;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.Payload;
import dev.tranche.server.operation.Operation.UpsertRecord;
import dev.tranche.server.operation.Precondition;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns candidates into work, each with the ids it may need.
 *
 * @param ignoreConstraints whether unique constraints and references hold the records back
 */
record Works(FreshIds ids, String collection, InsertOptions options, boolean ignoreConstraints) {

    Work of(int index, Candidate candidate) {
        return switch (candidate) {
            case Candidate.Decoded decoded -> insert(index, "records[" + index + "]", decoded);
            case Candidate.Undecodable undecodable -> new Work.Fail(undecodable.error());
        };
    }

    /** UTF-8 bytes of a candidate's JSON text. */
    static long bytes(Candidate candidate) {
        return switch (candidate) {
            case Candidate.Decoded decoded -> decoded.data().sizeBytes();
            case Candidate.Undecodable undecodable -> 0;
        };
    }

    private Work insert(int index, String path, Candidate.Decoded record) {
        String wrong =
                switch (options.onConflict()) {
                    case FAIL, SKIP -> null;
                    case UPDATE -> wrongId(record.id());
                };
        if (wrong != null) {
            Violation violation = new Violation(path + ".id", wrong);
            return new Work.Fail(ItemError.of(Reason.INVALID_REQUEST, List.of(violation)));
        }
        Item item = new Item(index, null, null, path, operation(record), ids.fresh());
        return new Work.Insert(item, record.id(), record.data());
    }

    /** Which record is meant the id says, or a constraint. */
    private @Nullable String wrongId(@Nullable String id) {
        if (options.conflictConstraint() == null) {
            return id == null
                    ? "none given, one needed to say which record is meant (or conflict_constraint)"
                    : null;
        }
        return id == null
                ? null
                : "one given, none allowed: conflict_constraint says which record is meant";
    }

    private Operation operation(Candidate.Decoded record) {
        IdExpression id = record.idExpression();
        Payload data = new Payload(record.data(), false);
        return switch (options.onConflict()) {
            case FAIL, SKIP -> new CreateRecord(collection, id, data, ignoreConstraints);
            case UPDATE ->
                    new UpsertRecord(
                            collection,
                            id,
                            options.conflictConstraint(),
                            data,
                            new Precondition.None(),
                            ignoreConstraints);
        };
    }
}
