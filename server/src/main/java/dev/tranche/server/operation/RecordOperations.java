package dev.tranche.server.operation;

import static dev.tranche.server.operation.LockMode.EXCLUSIVE;
import static dev.tranche.server.operation.LockMode.SHARED;

import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.DeleteRecord;
import dev.tranche.server.operation.Operation.GetRecord;
import dev.tranche.server.operation.Operation.UpdateRecord;
import dev.tranche.server.operation.Operation.UpsertRecord;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operations on records do. */
final class RecordOperations {
    private RecordOperations() {}

    static Step create(Scope scope, CreateRecord create) {
        CollectionRow collection = scope.collection(create.collection());
        RecordKey key = key(scope, collection, create.id());
        RecordRow was = stored(scope, key, create.id());
        if (was != null && was.lives()) {
            String message =
                    "record \"" + key.id() + "\" already exists in \"" + collection.name() + "\"";
            throw Stop.failed(
                    new ItemError(
                            Reason.RECORD_ALREADY_EXISTS,
                            message,
                            List.of(),
                            null,
                            key.id(),
                            scope.set().writer(key)));
        }
        Json data = scope.data(create.data());
        return new RecordWrite(scope, collection, key, was, create.ignoreConstraints())
                .to(data, Effect.INSERTED);
    }

    static Step upsert(Scope scope, UpsertRecord upsert) {
        CollectionRow collection = scope.collection(upsert.collection());
        RecordKey key = key(scope, collection, upsert.id());
        RecordRow was = stored(scope, key, upsert.id());
        Json data = scope.data(upsert.data());
        return was != null && was.lives()
                ? replace(scope, collection, was, data)
                : new RecordWrite(scope, collection, key, was, false).to(data, Effect.INSERTED);
    }

    static Step update(Scope scope, UpdateRecord update) {
        CollectionRow collection = scope.collection(update.collection());
        RecordRow was = live(scope, collection, update.id(), EXCLUSIVE);
        Json merged = was.data().mergePatch(scope.data(update.patch()));
        return replace(scope, collection, was, scope.within(merged));
    }

    static Step delete(Scope scope, DeleteRecord delete) {
        CollectionRow collection = scope.collection(delete.collection());
        RecordKey key = key(scope, collection, delete.id());
        RecordRow was = scope.record(key, EXCLUSIVE);
        if ((was == null || !was.lives()) && delete.allowMissing()) {
            return new Step.Done(
                    Edits.none(), new Applied(Effect.UNCHANGED, key.id(), 0, null, null));
        }
        RecordRow row = live(scope, collection, delete.id(), EXCLUSIVE);
        List<RowKey<?>> touched = new ArrayList<>(row.keys());
        touched.add(new LinksKey(key));
        scope.require(EXCLUSIVE, touched);
        Stamp stamp = scope.program().stamp();
        RecordRow dead =
                new RecordRow(
                        key,
                        row.data(),
                        row.version() + 1,
                        row.life(),
                        List.of(),
                        row.constraintsIgnored(),
                        row.created(),
                        stamp,
                        stamp.at());
        Edits edits = Edits.none().put(key, dead);
        row.keys().forEach(edits::remove);
        scope.set().links(key).forEach(edits::remove);
        return new Step.Done(edits, Applied.of(Effect.DELETED, collection.name(), dead));
    }

    static Step get(Scope scope, GetRecord get) {
        CollectionRow collection = scope.collection(get.collection());
        RecordRow row = live(scope, collection, get.id(), SHARED);
        return new Step.Done(Edits.none(), Applied.of(Effect.READ, collection.name(), row));
    }

    private static Step replace(Scope scope, CollectionRow collection, RecordRow was, Json data) {
        return was.data().equals(data) && !was.constraintsIgnored()
                ? new Step.Done(Edits.none(), Applied.of(Effect.UNCHANGED, collection.name(), was))
                : new RecordWrite(scope, collection, was.key(), was, false)
                        .to(data, Effect.UPDATED);
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
            throw scope.notFound(
                    Reason.RECORD_NOT_FOUND,
                    "record \"" + key.id() + "\" does not exist in \"" + collection.name() + "\"",
                    new Place.OfRecord(collection.name(), key.id()));
        }
        return row;
    }

    private static RecordKey key(Scope scope, CollectionRow collection, IdExpression id) {
        return new RecordKey(collection.id(), scope.id(id, "id"));
    }
}
