package dev.tranche.client;

import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.InsertRecords;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The records of a stream: those that may have to be sent again, and where the others come from. */
final class RecordWindow {
    private static final int MESSAGE_RECORDS_MAX = 1_000;
    private static final int MESSAGE_BYTES_MAX = 256 << 10;

    private final Iterator<InsertRecord> records;
    private final int recordsMax;
    private final long bytesMax;

    /** Taken from the caller and not answered: those sent, then those that are not. */
    private final Deque<InsertRecord> sent = new ArrayDeque<>();

    private final Deque<InsertRecord> unsent = new ArrayDeque<>();
    private int sentFrom;
    private long bytes;

    RecordWindow(Iterator<InsertRecord> records, ResumePolicy policy) {
        this.records = records;
        this.recordsMax = policy.windowRecords();
        this.bytesMax = policy.windowBytes();
    }

    /**
     * A stream begins with this record; those before it need not be sent again.
     *
     * @throws BrokenStreamException if that one was answered already
     */
    void beginAt(int index) {
        if (index < sentFrom) {
            throw new BrokenStreamException(
                    null, "record %d is wanted, though it was answered".formatted(index));
        }
        while (!sent.isEmpty()) {
            unsent.addFirst(sent.removeLast());
        }
        while (sentFrom < index && (!unsent.isEmpty() || records.hasNext())) {
            if (unsent.isEmpty()) {
                records.next();
            } else {
                bytes -= unsent.removeFirst().getSerializedSize();
            }
            sentFrom++;
        }
        sentFrom = index;
    }

    /** The result of a record came. */
    void answered(int index) {
        while (sentFrom <= index && !sent.isEmpty()) {
            bytes -= sent.removeFirst().getSerializedSize();
            sentFrom++;
        }
    }

    /** Whether as much is unanswered as may be. */
    boolean isFull() {
        return !sent.isEmpty() && (sent.size() >= recordsMax || bytes >= bytesMax);
    }

    /**
     * Takes the next records, as many as fit into a message and the window.
     *
     * @return null if there are no more
     */
    @Nullable InsertRecords take() {
        InsertRecords.Builder message =
                InsertRecords.newBuilder().setFirstIndex(sentFrom + sent.size());
        long messageBytes = 0;
        while (message.getRecordsCount() < MESSAGE_RECORDS_MAX
                && messageBytes < MESSAGE_BYTES_MAX
                && !isFull()
                && hasMore()) {
            InsertRecord record = next();
            messageBytes += record.getSerializedSize();
            message.addRecords(record);
            sent.add(record);
        }
        return message.getRecordsCount() == 0 ? null : message.build();
    }

    private boolean hasMore() {
        return !unsent.isEmpty() || records.hasNext();
    }

    private InsertRecord next() {
        if (!unsent.isEmpty()) {
            return unsent.removeFirst();
        }
        InsertRecord record = records.next();
        bytes += record.getSerializedSize();
        return record;
    }
}
