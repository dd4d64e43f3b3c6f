package dev.tranche.server.store;

import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.Changes.HeldKey;
import dev.tranche.server.operation.Changes.HeldReference;
import dev.tranche.server.operation.Changes.Table;
import dev.tranche.server.operation.Changes.Update;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.Stamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes changes in bulk, table by table. */
final class RowFlusher {
    /** About what a row costs beside its JSON text. */
    private static final long ROW_BYTES = 256;

    /** So many records make it worth a statement to send only once what all have in common. */
    private static final int SHARED_STAMP_MIN = 16;

    private final StoreSession session;

    RowFlusher(StoreSession session) {
        this.session = session;
    }

    void flush(long workspace, Changes changes) {
        new CollectionFlusher(session).flush(workspace, changes.collections());
        flushKeys(changes.keys());
        flushRecords(changes.records());
        flushReferences(changes.references());
        flushRelationships(changes.relationships());
    }

    /** Keys that change hands are given up before they are taken. */
    private void flushKeys(Table<HeldKey> keys) {
        RecordKeyMapper mapper = session.mapper(RecordKeyMapper.class);
        session.change(keys.deleted(), key -> KeyLine.BYTES, KeyLine::of, mapper::delete);
        session.insert(keys.inserted(), key -> KeyLine.BYTES, KeyLine::of, mapper::insert);
    }

    private void flushRecords(Table<RecordRow> records) {
        Stamp shared = null;
        if (records.inserted().size() + records.updated().size() >= SHARED_STAMP_MIN) {
            shared = stamp(records);
            share(shared);
        }
        insertRecords(records.inserted(), shared);
        updateRecords(records.updated(), shared);
        flushTombstones(records);
    }

    private static Stamp stamp(Table<RecordRow> records) {
        return records.inserted().isEmpty()
                ? records.updated().getFirst().after().updated()
                : records.inserted().getFirst().updated();
    }

    /** Tells the database once what all new versions have in common. */
    private void share(Stamp stamp) {
        LocalDateTime at = Times.column(stamp.at());
        session.write(() -> session.mapper(SessionMapper.class).stamp(at, stamp.by()));
    }

    /** One for each record that was not deleted then, be it that this batch made it. */
    private void flushTombstones(Table<RecordRow> records) {
        RecordTombstoneMapper mapper = session.mapper(RecordTombstoneMapper.class);
        List<RecordRow> deleted = new ArrayList<>();
        for (Update<RecordRow> one : records.updated()) {
            Instant at = one.after().deletedAt();
            if (at != null && !at.equals(one.before().deletedAt())) {
                deleted.add(one.after());
            }
        }
        records.inserted().stream().filter(row -> !row.lives()).forEach(deleted::add);
        session.offer(deleted, row -> TombstoneLine.BYTES, TombstoneLine::of, mapper::offer);
    }

    private void insertRecords(List<RecordRow> records, @Nullable Stamp shared) {
        RecordMapper mapper = session.mapper(RecordMapper.class);
        List<RecordRow> plain = new ArrayList<>();
        List<RecordRow> others = new ArrayList<>();
        records.forEach(row -> (isPlain(row, shared) ? plain : others).add(row));
        session.insert(plain, RowFlusher::bytes, RecordLine::of, mapper::insertNew);
        session.insert(others, RowFlusher::bytes, RecordLine::of, mapper::insert);
    }

    private void updateRecords(List<Update<RecordRow>> records, @Nullable Stamp shared) {
        RecordMapper mapper = session.mapper(RecordMapper.class);
        List<Update<RecordRow>> plain = new ArrayList<>();
        List<Update<RecordRow>> others = new ArrayList<>();
        records.forEach(one -> (isPlain(one, shared) ? plain : others).add(one));
        session.change(plain, one -> bytes(one.after()), ChangedRecordLine::of, mapper::change);
        session.change(
                others,
                (Update<RecordRow> one) -> bytes(one.after()),
                one -> mapper.update(RecordLine.of(one.after()), one.before().version()));
    }

    /** Whether it lives on as the record it was, with other data, or is deleted now. */
    private static boolean isPlain(Update<RecordRow> update, @Nullable Stamp shared) {
        RecordRow before = update.before();
        RecordRow after = update.after();
        return before.lives()
                && (after.lives() || after.updated().at().equals(after.deletedAt()))
                && !before.constraintsIgnored()
                && !after.constraintsIgnored()
                && after.created().equals(before.created())
                && after.updated().equals(shared);
    }

    private static boolean isPlain(RecordRow row, @Nullable Stamp shared) {
        return row.version() == 1
                && row.lives()
                && !row.constraintsIgnored()
                && row.created().equals(shared)
                && row.updated().equals(shared);
    }

    private void flushReferences(Table<HeldReference> references) {
        RecordReferenceMapper mapper = session.mapper(RecordReferenceMapper.class);
        session.change(references.deleted(), one -> ROW_BYTES, ReferenceLine::of, mapper::delete);
        session.insert(references.inserted(), one -> ROW_BYTES, ReferenceLine::of, mapper::insert);
    }

    private void flushRelationships(Table<RelationshipRow> relationships) {
        RelationshipMapper mapper = session.mapper(RelationshipMapper.class);
        session.change(
                relationships.deleted(), row -> ROW_BYTES, RelationshipLine::of, mapper::delete);
        session.change(
                relationships.updated(),
                (Update<RelationshipRow> one) -> bytes(one.after()),
                one -> mapper.update(RelationshipLine.of(one.after()), one.before().version()));
        session.insert(
                relationships.inserted(), RowFlusher::bytes, RelationshipLine::of, mapper::insert);
    }

    private static long bytes(RecordRow row) {
        return ROW_BYTES + row.data().sizeBytes();
    }

    private static long bytes(RelationshipRow row) {
        return ROW_BYTES + (row.data() == null ? 0L : row.data().sizeBytes());
    }
}
