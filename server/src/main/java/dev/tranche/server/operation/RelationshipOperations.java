package dev.tranche.server.operation;

import static dev.tranche.server.operation.LockMode.EXCLUSIVE;
import static dev.tranche.server.operation.LockMode.SHARED;

import dev.tranche.server.operation.Operation.DeleteRelationship;
import dev.tranche.server.operation.Operation.End;
import dev.tranche.server.operation.Operation.UpsertRelationship;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.Json;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the operations on relationships do. */
final class RelationshipOperations {
    private RelationshipOperations() {}

    static Step upsert(Scope scope, UpsertRelationship upsert) {
        RelationshipKey key = key(scope, upsert.type(), upsert.source(), upsert.target());
        scope.require(SHARED, List.of(key.source(), key.target()));
        checkEnd(scope, upsert.source(), key.source(), "source.id");
        checkEnd(scope, upsert.target(), key.target(), "target.id");
        scope.require(EXCLUSIVE, key);
        RelationshipRow was = scope.set().get(key);
        Json data = upsert.data() == null ? null : scope.data(upsert.data());
        if (was != null && Objects.equals(was.data(), data)) {
            return new Step.Done(Edits.none(), result(upsert, Effect.UNCHANGED, was));
        }
        RelationshipRow now = row(scope, key, was, data);
        return new Step.Done(
                Edits.none().put(key, now),
                result(upsert, was == null ? Effect.INSERTED : Effect.UPDATED, now));
    }

    static Step delete(Scope scope, DeleteRelationship delete) {
        RelationshipKey key = key(scope, delete.type(), delete.source(), delete.target());
        scope.require(EXCLUSIVE, key);
        RelationshipRow was = scope.set().get(key);
        Place place =
                new Place.OfLink(
                        delete.type(),
                        new Place.OfRecord(delete.source().collection(), key.source().id()),
                        new Place.OfRecord(delete.target().collection(), key.target().id()));
        if (was == null && !delete.allowMissing()) {
            throw scope.notFound(
                    Reason.RELATIONSHIP_NOT_FOUND,
                    Message.of(
                            "relationship \"{type}\" from \"{source}\" to \"{target}\" does not"
                                    + " exist",
                            "type",
                            delete.type(),
                            "source",
                            key.source().id(),
                            "target",
                            key.target().id()),
                    place);
        }
        scope.gone(place);
        return was == null
                ? new Step.Done(Edits.none(), gone(Effect.UNCHANGED, 0))
                : new Step.Done(Edits.none().remove(key), gone(Effect.DELETED, was.version() + 1));
    }

    private static RelationshipKey key(Scope scope, String type, End source, End target) {
        String from = scope.id(source.id(), "source.id");
        String to = scope.id(target.id(), "target.id");
        scope.requireCollections(SHARED, List.of(source.collection(), target.collection()));
        return new RelationshipKey(
                new RecordKey(scope.collection(source.collection()).id(), from),
                type,
                new RecordKey(scope.collection(target.collection()).id(), to));
    }

    private static void checkEnd(Scope scope, End end, RecordKey key, String field) {
        RecordRow row = scope.set().get(key);
        if (row == null || !row.lives()) {
            Stop stop =
                    scope.notFound(
                            Reason.REFERENCE_VIOLATION,
                            Preconditions.missing(end.collection(), key),
                            new Place.OfRecord(end.collection(), key.id()));
            throw stop.at(scope.path(field));
        }
    }

    private static RelationshipRow row(
            Scope scope, RelationshipKey key, @Nullable RelationshipRow was, @Nullable Json data) {
        Stamp stamp = scope.program().stamp();
        return was == null
                ? new RelationshipRow(key, data, 1, stamp, stamp)
                : new RelationshipRow(key, data, was.version() + 1, was.created(), stamp);
    }

    private static Applied result(UpsertRelationship upsert, Effect effect, RelationshipRow row) {
        Resource resource =
                new Resource.OfRelationship(
                        upsert.source().collection(), upsert.target().collection(), row);
        return new Applied(effect, null, row.version(), null, resource);
    }

    private static Applied gone(Effect effect, long version) {
        return new Applied(effect, null, version, null, null);
    }
}
