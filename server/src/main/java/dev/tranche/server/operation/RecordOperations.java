package dev.tranche.server.operation;

import static dev.tranche.server.operation.LockMode.EXCLUSIVE;
import static dev.tranche.server.operation.LockMode.SHARED;

import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.DeleteRecord;
import dev.tranche.server.operation.Operation.GetRecord;
import dev.tranche.server.operation.Operation.UpdateRecord;
import dev.tranche.server.operation.Operation.UpsertRecord;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.schema.Json;
import org.jspecify.annotations.Nullable;

/** What the operations on records do. */
final class RecordOperations {
    private RecordOperations() {}

    static Step create(Scope scope, CreateRecord create) {
        CollectionRow collection = scope.collection(create.collection());
        RecordKey key = key(scope, collection, create.id());
        RecordRow was = stored(scope, key, create.id());
        if (was != null && was.lives()) {
            throw Preconditions.exists(scope, collection, key);
        }
        Json data = scope.data(create.data());
        return new RecordWrite(scope, collection, key, was, create.ignoreConstraints())
                .to(data, Effect.INSERTED);
    }

    static Step upsert(Scope scope, UpsertRecord upsert) {
        CollectionRow collection = scope.collection(upsert.collection());
        if (upsert.byConstraint() != null) {
            Json data = scope.data(upsert.data());
            RecordKey key = new ByConstraint(scope, collection, upsert.byConstraint()).find(data);
            RecordRow was = key == null ? null : scope.record(key, EXCLUSIVE);
            if (key == null) {
                key = new RecordKey(collection.id(), scope.item().fresh().recordId());
            }
            scope.settle(key.id());
            Preconditions.check(scope, collection, key, was, upsert.precondition());
            return write(scope, collection, key, was, data, upsert.ignoreConstraints());
        }
        RecordKey key = key(scope, collection, upsert.id());
        RecordRow was = stored(scope, key, upsert.id());
        Preconditions.check(scope, collection, key, was, upsert.precondition());
        Json data = scope.data(upsert.data());
        return write(scope, collection, key, was, data, upsert.ignoreConstraints());
    }

    static Step update(Scope scope, UpdateRecord update) {
        CollectionRow collection = scope.collection(update.collection());
        RecordRow was = live(scope, collection, update.id(), EXCLUSIVE);
        Preconditions.check(scope, collection, was.key(), was, update.precondition());
        Json merged = was.data().mergePatch(scope.data(update.patch()));
        Json data = scope.within(scope.derived(was.data(), merged));
        return write(scope, collection, was.key(), was, data, false);
    }

    static Step delete(Scope scope, DeleteRecord delete) {
        CollectionRow collection = scope.collection(delete.collection());
        // Asked for now, so that the locks of collections come before those of records.
        scope.inbound(collection);
        RecordKey key = key(scope, collection, delete.id());
        RecordRow was = scope.record(key, EXCLUSIVE);
        if ((was == null || !was.lives()) && delete.allowMissing()) {
            scope.gone(new Place.OfRecord(collection.name(), key.id()));
            return new Step.Done(
                    Edits.none(), new Applied(Effect.UNCHANGED, key.id(), 0, null, null));
        }
        RecordRow row = live(scope, collection, delete.id(), EXCLUSIVE);
        Preconditions.check(scope, collection, key, row, delete.precondition());
        return new Deletion(scope).of(collection, row);
    }

    static Step get(Scope scope, GetRecord get) {
        CollectionRow collection = scope.collection(get.collection());
        RecordRow row = live(scope, collection, get.id(), SHARED);
        Preconditions.checkEtag(scope, row, get.precondition());
        return new Step.Done(Edits.none(), Applied.of(Effect.READ, collection.name(), row));
    }

    private static Step write(
            Scope scope,
            CollectionRow collection,
            RecordKey key,
            @Nullable RecordRow was,
            Json data,
            boolean ignoreConstraints) {
        RecordWrite write = new RecordWrite(scope, collection, key, was, ignoreConstraints);
        if (was == null || !was.lives()) {
            return write.to(data, Effect.INSERTED);
        }
        return was.data().equals(data) && !was.constraintsIgnored()
                ? new Step.Done(Edits.none(), Applied.of(Effect.UNCHANGED, collection.name(), was))
                : write.to(data, Effect.UPDATED);
    }

    /** Nobody has used an id that the server has just made. */
    private static @Nullable RecordRow stored(Scope scope, RecordKey key, IdExpression id) {
        return id instanceof IdExpression.Generated ? null : scope.record(key, EXCLUSIVE);
    }

    private static RecordRow live(
            Scope scope, CollectionRow collection, IdExpression id, LockMode mode) {
        RecordKey key = key(scope, collection, id);
        RecordRow row = scope.record(key, mode);
        if (row == null || !row.lives()) {
            throw Preconditions.missing(scope, collection, key);
        }
        return row;
    }

    private static RecordKey key(Scope scope, CollectionRow collection, IdExpression id) {
        return new RecordKey(collection.id(), scope.id(id, "id"));
    }
}
