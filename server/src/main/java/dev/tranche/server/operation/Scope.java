package dev.tranche.server.operation;

import dev.tranche.server.operation.Needs.Need;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.InboundKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.schema.Json;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one operation sees while it is applied. Its methods end the operation by {@link Stop}. */
final class Scope {
    private final Program program;
    private final Item item;
    private final WorkingSet set;
    private final History history;
    private final Validation validation;
    private final Spending spending;

    Scope(Program program, Item item, Walk walk, Validation validation, Spending spending) {
        this.program = program;
        this.item = item;
        this.set = walk.set();
        this.history = walk.history();
        this.validation = validation;
        this.spending = spending;
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

    Spending spending() {
        return spending;
    }

    /** Resolves the references in fields, before anything is looked up. */
    void settle() {
        switch (item.operation()) {
            case Operation.CreateRecord create -> settle(create.id());
            case Operation.UpsertRecord upsert -> {
                if (upsert.byConstraint() == null) {
                    settle(upsert.id());
                }
                etag(upsert.precondition());
            }
            case Operation.UpdateRecord update -> {
                settle(update.id());
                etag(update.precondition());
            }
            case Operation.DeleteRecord delete -> {
                settle(delete.id());
                etag(delete.precondition());
            }
            case Operation.GetRecord get -> {
                settle(get.id());
                etag(get.precondition());
            }
            case Operation.UpsertRelationship upsert -> {}
            case Operation.DeleteRelationship delete -> {}
            case Operation.UpsertCollection upsert -> {}
            case Operation.DeleteCollection delete -> {}
        }
    }

    private void settle(IdExpression id) {
        settle(id(id, "id"));
    }

    /** Says which record the operation is about, whatever becomes of it. */
    void settle(String id) {
        history.settle(id);
    }

    /** The id an expression stands for; {@code field} is relative to the operation. */
    String id(IdExpression expression, String field) {
        return switch (expression) {
            case IdExpression.Literal literal -> literal.id();
            case IdExpression.Generated generated -> item.fresh().recordId();
            case IdExpression.FromResult result -> history.id(result.reference(), path(field));
        };
    }

    /** The etag a precondition asks for; null if it asks for none. */
    @Nullable String etag(Precondition precondition) {
        return switch (precondition) {
            case Precondition.HasEtag has -> has.etag();
            case Precondition.HasEtagOf has -> history.etag(has.reference(), path("if_match"));
            case Precondition.None none -> null;
            case Precondition.Lives lives -> null;
            case Precondition.Absent absent -> null;
        };
    }

    /** The data of a payload, references replaced. */
    Json data(Operation.Payload payload) {
        Json json =
                payload.references()
                        ? new Substitution(this, history).in(payload.json())
                        : payload.json();
        return within(json);
    }

    /** Data that a merge or references made; {@code from} is what it was before. */
    @SuppressWarnings("ReferenceEquality") // the very same value means that nothing changed
    Json derived(Json from, Json made) {
        if (from != made && !spending.derive(made.sizeBytes())) {
            Message message =
                    Message.of(
                            "merge patches and references make more than {limit} bytes in all"
                                    + " ({setting})",
                            "limit",
                            spending.limits().derivedBytesMax(),
                            "setting",
                            "--derived-bytes-max");
            throw failed(Reason.LIMIT_EXCEEDED, message, path("data"));
        }
        return made;
    }

    /** Checks the size of data that is to be stored. */
    Json within(Json json) {
        if (json.sizeBytes() > spending.limits().recordBytesMax()) {
            Message message =
                    Message.of(
                            "record of {actual} bytes given, at most {limit} allowed ({setting})",
                            "actual",
                            json.sizeBytes(),
                            "limit",
                            spending.limits().recordBytesMax(),
                            "setting",
                            "--record-bytes-max");
            throw failed(Reason.LIMIT_EXCEEDED, message, path("data"));
        }
        return json;
    }

    /** Ends the operation unless this is known. */
    void require(LockMode mode, RowKey<?> key) {
        if (!set.knows(key, mode)) {
            Needs missing = new Needs();
            missing.add(key, mode);
            throw Stop.incomplete(missing);
        }
    }

    /** Ends the operation unless all of these are known. */
    void require(LockMode mode, Collection<? extends RowKey<?>> keys) {
        Needs needs = new Needs();
        keys.forEach(key -> needs.add(key, mode));
        require(needs);
    }

    /** Ends the operation unless all of these are known. */
    void require(Needs wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        Needs missing = new Needs();
        for (Need need : wanted.inOrder()) {
            if (!set.knows(need.key(), need.mode())) {
                missing.add(need.key(), need.mode());
            }
        }
        if (!missing.isEmpty()) {
            throw Stop.incomplete(missing);
        }
    }

    /** Goes on as if nobody held this key, unless that is known better. */
    void claim(UniqueKey key, String recordId) {
        if (!set.knows(key, LockMode.EXCLUSIVE)) {
            set.claim(key, recordId);
        }
    }

    /** Ends the operation unless it is known whether these collections live. */
    void requireCollections(LockMode mode, Collection<String> names) {
        require(mode, names.stream().map(CollectionKey::new).toList());
    }

    /** The references of live collections to this one, its own to itself included. */
    List<WorkingSet.Inbound> inbound(CollectionRow target) {
        require(LockMode.SHARED, new InboundKey(target.id()));
        requireCollections(LockMode.SHARED, set.inboundNames(target));
        return set.inbound(target);
    }

    /** A live collection. */
    CollectionRow collection(String name) {
        CollectionKey key = new CollectionKey(name);
        require(LockMode.SHARED, key);
        CollectionRow row = set.get(key);
        if (row == null) {
            throw notFound(
                    Reason.COLLECTION_NOT_FOUND,
                    Message.of("collection \"{collection}\" does not exist", "collection", name),
                    new Place.OfCollection(name));
        }
        return row;
    }

    /** The row of a record, alive or deleted; null if the id was never used. */
    @Nullable RecordRow record(RecordKey key, LockMode mode) {
        require(mode, key);
        return set.get(key);
    }

    /** The operation succeeds, and this does not live any more, or never did. */
    void gone(Place deleted) {
        history.forget(deleted);
    }

    /** The first operation that failed to make this; null if it is not for that that it is missing. */
    @Nullable Integer culprit(Place missing) {
        return history.missing(missing);
    }

    /** Something is missing: because an earlier operation failed, or because it never was there. */
    Stop notFound(Reason reason, Message message, Place place) {
        Integer culprit = history.missing(place);
        return Stop.failed(
                culprit == null
                        ? ItemError.of(reason, message)
                        : ItemError.of(
                                        Reason.DEPENDENCY_FAILED,
                                        message.and(", for operation " + culprit + " failed"))
                                .causedBy(culprit));
    }

    Stop failed(Reason reason, Message message, String path) {
        return Stop.failed(ItemError.of(reason, message).at(path));
    }

    /** Absolute path of one of the operation's fields. */
    String path(String field) {
        return item.path().isEmpty() ? field : item.path() + "." + field;
    }
}
