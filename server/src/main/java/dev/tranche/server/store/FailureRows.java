package dev.tranche.server.store;

import dev.tranche.server.batch.Accounts.Kept;
import dev.tranche.server.batch.KeptPayload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.ibatis.session.ResultContext;
import org.apache.ibatis.session.ResultHandler;

/** What failed, as it was given: a row for each record. */
final class FailureRows {
    /** About what a row costs beside its payload. */
    private static final long ROW_BYTES = 256;

    private final StoreSession session;

    FailureRows(StoreSession session) {
        this.session = session;
    }

    void keep(String batchId, List<KeptPayload> payloads) {
        session.insert(
                payloads.stream().map(kept -> FailureLine.of(batchId, kept)).toList(),
                line -> ROW_BYTES + line.payloadBytes(),
                line -> line,
                mapper()::insert);
    }

    void forget(String batchId, List<Integer> indexes) {
        for (List<Integer> some : Portions.of(indexes)) {
            session.write(() -> mapper().delete(batchId, some));
        }
    }

    List<Integer> indexes(String batchId) {
        return session.read(() -> mapper().indexes(batchId));
    }

    long bytes(String batchId) {
        return session.read(() -> mapper().bytes(batchId));
    }

    long bytes(String batchId, List<Integer> indexes) {
        long sum = 0;
        for (List<Integer> some : Portions.of(indexes)) {
            sum += session.read(() -> mapper().bytesOf(batchId, some));
        }
        return sum;
    }

    Kept find(String batchId, List<Integer> indexes, Duration keptTime, long bytesMax) {
        long keptMicros = Times.micros(keptTime);
        Bounded rows = new Bounded(bytesMax);
        List<Integer> ascending = indexes.stream().sorted().toList();
        for (List<Integer> some : Portions.of(ascending)) {
            if (rows.complete) {
                session.read(() -> {
                    mapper().find(batchId, some, keptMicros, rows);
                    return rows;
                });
            }
        }
        return new Kept(rows.payloads, rows.complete);
    }

    private BatchFailureMapper mapper() {
        return session.mapper(BatchFailureMapper.class);
    }

    /** Takes payloads as they come out of the database, until the next would be too much. */
    private static final class Bounded implements ResultHandler<FailureLine> {
        private final long bytesMax;
        private final List<KeptPayload> payloads = new ArrayList<>();
        private long bytes;
        private boolean complete = true;

        private Bounded(long bytesMax) {
            this.bytesMax = bytesMax;
        }

        @Override
        public void handleResult(ResultContext<? extends FailureLine> context) {
            FailureLine line = context.getResultObject();
            bytes += line.payloadBytes();
            if (bytes > bytesMax && !payloads.isEmpty()) {
                complete = false;
                context.stop();
            } else {
                payloads.add(line.kept());
            }
        }
    }
}
