package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.Violation;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.StringNode;

/** What one operation sees while it is applied. Its methods end the operation by {@link Stop}. */
final class Scope {
    private final Program program;
    private final Item item;
    private final WorkingSet set;
    private final History history;
    private final Validation validation;
    private final OperationLimits limits;

    Scope(
            Program program,
            Item item,
            WorkingSet set,
            History history,
            Validation validation,
            OperationLimits limits) {
        this.program = program;
        this.item = item;
        this.set = set;
        this.history = history;
        this.validation = validation;
        this.limits = limits;
    }

    Item item() {
        return item;
    }

    Program program() {
        return program;
    }

    WorkingSet set() {
        return set;
    }

    Validation validation() {
        return validation;
    }

    OperationLimits limits() {
        return limits;
    }

    /** Finds out which record the operation is about, before anything is looked up. */
    void settleId() {
        IdExpression id =
                switch (item.operation()) {
                    case Operation.CreateRecord create -> create.id();
                    case Operation.UpsertRecord upsert -> upsert.id();
                    case Operation.UpdateRecord update -> update.id();
                    case Operation.DeleteRecord delete -> delete.id();
                    case Operation.GetRecord get -> get.id();
                    case Operation.UpsertRelationship upsert -> null;
                    case Operation.DeleteRelationship delete -> null;
                    case Operation.UpsertCollection upsert -> null;
                    case Operation.DeleteCollection delete -> null;
                };
        if (id != null) {
            history.settle(id(id, "id"));
        }
    }

    /** The id an expression stands for; {@code field} is relative to the operation. */
    String id(IdExpression expression, String field) {
        return switch (expression) {
            case IdExpression.Literal literal -> literal.id();
            case IdExpression.Generated generated -> item.fresh().recordId();
            case IdExpression.FromResult result -> history.resolve(result.reference(), path(field));
        };
    }

    /** The data of a payload, references replaced. */
    Json data(Operation.Payload payload) {
        Json json = payload.references() ? resolveIn(payload.json()) : payload.json();
        return within(json);
    }

    /** Checks the size of data that is to be stored. */
    Json within(Json json) {
        if (json.sizeBytes() > limits.recordBytesMax()) {
            String message =
                    "record of "
                            + json.sizeBytes()
                            + " bytes given, at most "
                            + limits.recordBytesMax()
                            + " allowed (--record-bytes-max)";
            throw failed(Reason.LIMIT_EXCEEDED, message, path("data"));
        }
        return json;
    }

    /** Ends the operation unless all of these are known. */
    void require(LockMode mode, Collection<? extends RowKey<?>> keys) {
        Needs needs = new Needs();
        for (RowKey<?> key : keys) {
            if (!set.knows(key, mode)) {
                needs.add(key, mode);
            }
        }
        if (!needs.isEmpty()) {
            throw Stop.incomplete(needs);
        }
    }

    /** Ends the operation unless these collections are known and live. */
    void requireCollections(LockMode mode, String... names) {
        List<CollectionKey> keys = List.of(names).stream().map(CollectionKey::new).toList();
        require(mode, keys);
    }

    /** A live collection. */
    CollectionRow collection(String name) {
        requireCollections(LockMode.SHARED, name);
        CollectionRow row = set.get(new CollectionKey(name));
        if (row == null) {
            throw notFound(
                    Reason.COLLECTION_NOT_FOUND,
                    "collection \"" + name + "\" does not exist",
                    new Place.OfCollection(name));
        }
        return row;
    }

    /** The row of a record, alive or deleted; null if the id was never used. */
    @Nullable RecordRow record(RecordKey key, LockMode mode) {
        require(mode, List.of(key));
        return set.get(key);
    }

    /** Something is missing: because an earlier operation failed, or because it never was there. */
    Stop notFound(Reason reason, String message, Place place) {
        Integer culprit = history.missing(place);
        return culprit == null
                ? Stop.failed(ItemError.of(reason, message))
                : Stop.failed(
                        ItemError.of(
                                        Reason.DEPENDENCY_FAILED,
                                        message + ", for operation " + culprit + " failed")
                                .causedBy(culprit));
    }

    Stop failed(Reason reason, String message, String path) {
        return Stop.failed(ItemError.at(reason, message, List.of(new Violation(path, message))));
    }

    /** Absolute path of one of the operation's fields. */
    String path(String field) {
        return item.path() + "." + field;
    }

    private Json resolveIn(Json json) {
        return json.mapStrings((pointer, text) -> {
            if (Reference.looksLikeOne(text)) {
                String path = path("data") + pointer;
                return StringNode.valueOf(history.resolve(Reference.parse(text), path));
            }
            return Reference.isEscaped(text) ? StringNode.valueOf(text.substring(1)) : null;
        });
    }
}
