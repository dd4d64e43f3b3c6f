package dev.tranche.server.store;

import dev.tranche.server.operation.Resource;
import dev.tranche.server.operation.Resource.OfCollection;
import dev.tranche.server.operation.Resource.OfRecord;
import dev.tranche.server.operation.Resource.OfRelationship;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.Json;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Packs what an operation read or left, as it then was. Relationships and collections came with
 * version 2 of the results.
 */
final class ResourceCodec {
    private static final int NONE = 0;

    /** What the flags say, one bit each: first the kind. */
    private static final int RECORD = 1;

    private static final int CONSTRAINTS_IGNORED = 2;
    private static final int DELETED = 4;
    private static final int RELATIONSHIP = 8;
    private static final int DATA = 16;
    private static final int COLLECTION = 32;

    private ResourceCodec() {}

    /** Whether version 1 of the results has no words for it. */
    static boolean needsVersionTwo(@Nullable Resource resource) {
        return switch (resource) {
            case OfRecord record -> false;
            case OfRelationship relationship -> true;
            case OfCollection collection -> true;
            case null -> false;
        };
    }

    static void write(PackedWriter out, @Nullable Resource resource) {
        switch (resource) {
            case OfRecord record -> write(out, record);
            case OfRelationship relationship -> write(out, relationship);
            case OfCollection collection -> write(out, collection);
            case null -> out.code(NONE);
        }
    }

    static @Nullable Resource read(PackedReader in) {
        int flags = in.code();
        if (flags == NONE) {
            return null;
        }
        return switch (flags & (RECORD | RELATIONSHIP | COLLECTION)) {
            case RECORD -> record(in, flags);
            case RELATIONSHIP -> relationship(in, flags);
            case COLLECTION -> collection(in);
            default -> throw new IllegalStateException("resource with flags " + flags + " stored");
        };
    }

    private static void write(PackedWriter out, OfRecord record) {
        RecordRow row = record.row();
        Instant deletedAt = row.deletedAt();
        out.code(
                RECORD
                        | (row.constraintsIgnored() ? CONSTRAINTS_IGNORED : 0)
                        | (deletedAt == null ? 0 : DELETED));
        out.text(record.collection());
        write(out, row.key());
        out.text(row.data().text());
        out.number(row.version());
        out.wide(row.life());
        byte[] keys = KeyHashes.pack(row.keys());
        out.number(keys.length);
        out.bytes(keys);
        write(out, row.created());
        write(out, row.updated());
        if (deletedAt != null) {
            out.instant(deletedAt);
        }
    }

    private static OfRecord record(PackedReader in, int flags) {
        String collection = in.text();
        RecordKey key = key(in);
        RecordRow row =
                new RecordRow(
                        key,
                        StoredJson.parse(in.text()),
                        in.number(),
                        in.wide(),
                        KeyHashes.unpack(key.collection(), in.bytes(in.count())),
                        (flags & CONSTRAINTS_IGNORED) != 0,
                        stamp(in),
                        stamp(in),
                        (flags & DELETED) == 0 ? null : in.instant());
        return new OfRecord(collection, row);
    }

    private static void write(PackedWriter out, OfRelationship relationship) {
        RelationshipRow row = relationship.row();
        Json data = row.data();
        out.code(RELATIONSHIP | (data == null ? 0 : DATA));
        out.text(relationship.source());
        write(out, row.key().source());
        out.text(row.key().type());
        out.text(relationship.target());
        write(out, row.key().target());
        if (data != null) {
            out.text(data.text());
        }
        out.number(row.version());
        write(out, row.created());
        write(out, row.updated());
    }

    private static OfRelationship relationship(PackedReader in, int flags) {
        String source = in.text();
        RecordKey from = key(in);
        String type = in.text();
        String target = in.text();
        RecordKey to = key(in);
        RelationshipRow row =
                new RelationshipRow(
                        new RelationshipKey(from, type, to),
                        (flags & DATA) == 0 ? null : StoredJson.parse(in.text()),
                        in.number(),
                        stamp(in),
                        stamp(in));
        return new OfRelationship(source, target, row);
    }

    private static void write(PackedWriter out, OfCollection collection) {
        out.code(COLLECTION);
        out.text(collection.name());
        out.text(collection.definition().toJson());
        out.number(collection.version());
        write(out, collection.created());
        write(out, collection.updated());
    }

    private static OfCollection collection(PackedReader in) {
        return new OfCollection(
                in.text(), StoredJson.definition(in.text()), in.number(), stamp(in), stamp(in));
    }

    private static void write(PackedWriter out, RecordKey key) {
        out.wide(key.collection());
        out.id(key.id());
    }

    private static RecordKey key(PackedReader in) {
        return new RecordKey(in.wide(), Objects.requireNonNull(in.id()));
    }

    private static void write(PackedWriter out, Stamp stamp) {
        out.instant(stamp.at());
        out.text(stamp.by());
    }

    private static Stamp stamp(PackedReader in) {
        return new Stamp(in.instant(), in.text());
    }
}
