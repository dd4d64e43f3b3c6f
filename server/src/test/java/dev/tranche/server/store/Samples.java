package dev.tranche.server.store;

import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.Changes.HeldKey;
import dev.tranche.server.operation.Changes.HeldReference;
import dev.tranche.server.operation.Changes.Table;
import dev.tranche.server.operation.Changes.Update;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.ReferenceKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.InvalidJsonException;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.KeyHash;
import dev.tranche.server.schema.UniqueConstraint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows to put into the database, and changes made of them. */
final class Samples {
    static final Stamp STAMP = new Stamp(Instant.parse("2026-03-08T07:30:00.123456Z"), "anna");
    static final Stamp LATER = new Stamp(Instant.parse("2026-03-08T07:30:01Z"), "bert");

    private Samples() {}

    static Json json(String text) {
        try {
            return Json.parse(text);
        } catch (InvalidJsonException e) {
            throw new AssertionError(e);
        }
    }

    /** A collection whose constraints are numbered from 1, each over the field of its own name. */
    static CollectionRow collection(long id, String name, String... constraints) {
        List<UniqueConstraint> numbered =
                IntStream.range(0, constraints.length)
                        .mapToObj(i -> constraint(i + 1, constraints[i]))
                        .toList();
        return collection(id, name, numbered, constraints.length, 1);
    }

    static CollectionRow collection(
            long id, String name, List<UniqueConstraint> constraints, int last, long version) {
        List<ConstraintDefinition> definitions =
                constraints.stream()
                        .map(one -> new ConstraintDefinition(one.name(), one.fields()))
                        .toList();
        CollectionDefinition definition =
                new CollectionDefinition(
                        json("{\"type\":\"object\"}"), definitions, List.of(), false);
        return new CollectionRow(
                id, name, definition, constraints, List.of(), last, version, STAMP, STAMP);
    }

    static UniqueConstraint constraint(int number, String field) {
        return new UniqueConstraint(number, field, List.of(field));
    }

    static UniqueKey key(long collection, int constraint, long value) {
        return new UniqueKey(collection, constraint, new KeyHash(-value, value));
    }

    static RecordRow record(long collection, String id, UniqueKey... keys) {
        return new RecordRow(
                new RecordKey(collection, id),
                json("{\"id\": \"x\", \"n\":1.50}"),
                1,
                42,
                List.of(keys),
                false,
                STAMP,
                STAMP,
                null);
    }

    static RecordRow changed(RecordRow row, String data, UniqueKey... keys) {
        return new RecordRow(
                row.key(),
                json(data),
                row.version() + 1,
                row.life(),
                List.of(keys),
                false,
                row.created(),
                LATER,
                null);
    }

    static RecordRow deleted(RecordRow row) {
        return new RecordRow(
                row.key(),
                row.data(),
                row.version() + 1,
                row.life(),
                List.of(),
                row.constraintsIgnored(),
                row.created(),
                LATER,
                LATER.at());
    }

    static RelationshipRow link(RecordKey source, String type, RecordKey target) {
        return new RelationshipRow(
                new RelationshipKey(source, type, target), json("{\"w\":1}"), 1, STAMP, STAMP);
    }

    static <R> Table<R> nothing() {
        return new Table<>(List.of(), List.of(), List.of());
    }

    static <R> Table<R> inserted(List<R> rows) {
        return new Table<>(rows, List.of(), List.of());
    }

    static <R> Table<R> updated(R before, R after) {
        return new Table<>(List.of(), List.of(new Update<>(before, after)), List.of());
    }

    static <R> Table<R> deleted(List<R> rows) {
        return new Table<>(List.of(), List.of(), rows);
    }

    static Changes collections(Table<CollectionRow> collections) {
        return new Changes(collections, nothing(), nothing(), nothing(), nothing());
    }

    static Changes keys(Table<HeldKey> keys) {
        return new Changes(nothing(), keys, nothing(), nothing(), nothing());
    }

    static Changes records(Table<RecordRow> records) {
        return new Changes(nothing(), nothing(), records, nothing(), nothing());
    }

    static Changes relationships(Table<RelationshipRow> relationships) {
        return new Changes(nothing(), nothing(), nothing(), nothing(), relationships);
    }

    /** New references by number 1 of collection 7. */
    static Changes references(RecordKey target, List<String> sources) {
        List<HeldReference> rows =
                sources.stream()
                        .map(id -> new ReferenceKey(new RecordKey(7, id), 1))
                        .map(key -> new HeldReference(key, target))
                        .toList();
        return new Changes(nothing(), nothing(), nothing(), inserted(rows), nothing());
    }

    /** New records with the keys they hold. */
    static Changes newRecords(List<RecordRow> rows) {
        List<HeldKey> keys = new ArrayList<>();
        for (RecordRow row : rows) {
            row.keys().forEach(key -> keys.add(new HeldKey(key, row.key().id())));
        }
        return new Changes(nothing(), inserted(keys), inserted(rows), nothing(), nothing());
    }
}
