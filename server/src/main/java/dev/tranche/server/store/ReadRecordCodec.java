package dev.tranche.server.store;

import dev.tranche.server.operation.Outcome.ReadRecord;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.Stamp;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Packs the record that an operation read, as it then was. */
final class ReadRecordCodec {
    private static final int NONE = 0;

    /** What the flags say, one bit each. */
    private static final int PRESENT = 1;

    private static final int CONSTRAINTS_IGNORED = 2;
    private static final int DELETED = 4;

    private ReadRecordCodec() {}

    static void write(PackedWriter out, @Nullable ReadRecord read) {
        if (read == null) {
            out.code(NONE);
            return;
        }
        RecordRow row = read.row();
        Instant deletedAt = row.deletedAt();
        out.code(
                PRESENT
                        | (row.constraintsIgnored() ? CONSTRAINTS_IGNORED : 0)
                        | (deletedAt == null ? 0 : DELETED));
        out.text(read.collection());
        out.wide(row.key().collection());
        out.id(row.key().id());
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

    static @Nullable ReadRecord read(PackedReader in) {
        int flags = in.code();
        if (flags == NONE) {
            return null;
        }
        String collection = in.text();
        long collectionId = in.wide();
        String id = Objects.requireNonNull(in.id());
        RecordRow row =
                new RecordRow(
                        new RecordKey(collectionId, id),
                        StoredJson.parse(in.text()),
                        in.number(),
                        in.wide(),
                        KeyHashes.unpack(collectionId, in.bytes(in.count())),
                        (flags & CONSTRAINTS_IGNORED) != 0,
                        stamp(in),
                        stamp(in),
                        (flags & DELETED) == 0 ? null : in.instant());
        return new ReadRecord(collection, row);
    }

    private static void write(PackedWriter out, Stamp stamp) {
        out.instant(stamp.at());
        out.text(stamp.by());
    }

    private static Stamp stamp(PackedReader in) {
        return new Stamp(in.instant(), in.text());
    }
}
