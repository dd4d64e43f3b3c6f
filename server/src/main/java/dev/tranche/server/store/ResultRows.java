package dev.tranche.server.store;

import dev.tranche.server.batch.ItemResult;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Stored results: one row or a few for each chunk of each attempt. */
final class ResultRows {
    /** Packed bytes of one row; a single result may be larger. */
    private static final int ROW_BYTES_MAX = 1 << 20;

    private final StoreSession session;

    ResultRows(StoreSession session) {
        this.session = session;
    }

    void append(String batchId, List<ItemResult> results) {
        List<ResultLine> lines = new ArrayList<>();
        addLines(batchId, results, lines);
        session.insert(lines, line -> line.results().length, mapper()::insert);
    }

    void clear(String batchId) {
        session.write(() -> mapper().deleteAll(batchId));
    }

    List<ItemResult> newest(String batchId, int from, int to) {
        TreeMap<Integer, ItemResult> newest = new TreeMap<>();
        for (ResultLine line : session.read(() -> mapper().find(batchId, from, to))) {
            for (ItemResult result : ResultCodec.unpack(line.results(), line.attempt())) {
                if (result.index() >= from && result.index() <= to) {
                    newest.put(result.index(), result);
                }
            }
        }
        return List.copyOf(newest.values());
    }

    /** Results that make too large a row become two: long errors must not exceed a packet. */
    private static void addLines(String batchId, List<ItemResult> results, List<ResultLine> lines) {
        byte[] packed = ResultCodec.pack(results);
        if (packed.length > ROW_BYTES_MAX && results.size() > 1) {
            int middle = results.size() / 2;
            addLines(batchId, results.subList(0, middle), lines);
            addLines(batchId, results.subList(middle, results.size()), lines);
        } else {
            lines.add(
                    new ResultLine(
                            batchId,
                            attempt(results),
                            results.getFirst().index(),
                            results.getLast().index(),
                            packed));
        }
    }

    private static int attempt(List<ItemResult> results) {
        int attempt = results.getFirst().attempt();
        if (results.stream().anyMatch(result -> result.attempt() != attempt)) {
            throw new IllegalArgumentException("results of several attempts given together");
        }
        return attempt;
    }

    private BatchResultMapper mapper() {
        return session.mapper(BatchResultMapper.class);
    }
}
