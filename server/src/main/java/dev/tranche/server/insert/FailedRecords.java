package dev.tranche.server.insert;

import dev.tranche.server.batch.Accounts.Kept;
import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.batch.KeptPayload;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.insert.Chunk.Entry;
import dev.tranche.server.insert.Chunk.Work;
import dev.tranche.server.insert.InsertLimits.ChunkSize;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.InvalidJsonException;
import dev.tranche.server.schema.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A further attempt: records that failed, as they were kept or as they are corrected. */
final class FailedRecords implements ChunkSource {
    private final Batch batch;
    private final List<Integer> targets;
    private final Map<Integer, Candidate> replacements = new HashMap<>();
    private final ChunkSize size;
    private final Duration keptTime;
    private final Works works;
    private final Reading reading;
    private int next;

    /**
     * @param targets the indexes to try, ascending
     * @param keptTime how long payloads are kept
     */
    FailedRecords(
            Batch batch,
            List<Integer> targets,
            RetryRequest request,
            ChunkSize size,
            Duration keptTime,
            Works works,
            Reading reading) {
        this.batch = batch;
        this.targets = targets;
        this.size = size;
        this.keptTime = keptTime;
        this.works = works;
        this.reading = reading;
        request.replacements().forEach(one -> replacements.put(one.index(), one.record()));
    }

    @Override
    public Chunk next() {
        int to = Math.min(targets.size() - next, size.records()) + next;
        List<Integer> window = targets.subList(next, to);
        Stored stored = window.isEmpty() ? Stored.NOTHING : reading.run(tx -> read(tx, window));
        List<Entry> entries = new ArrayList<>(window.size());
        long bytes = 0;
        for (int index : window) {
            Candidate replacement = replacements.get(index);
            bytes += replacement == null ? 0 : Works.bytes(replacement);
            boolean full = bytes > size.bytes() && !entries.isEmpty();
            if (full || index > stored.lastRead()) {
                break;
            }
            ItemResult before = stored.results().get(index);
            entries.add(new Entry(index, work(index, before, replacement, stored), before));
            next++;
        }
        return new Chunk(entries, next == targets.size());
    }

    private Work work(
            int index,
            @Nullable ItemResult before,
            @Nullable Candidate replacement,
            Stored stored) {
        if (before != null && before.isInForce()) {
            return new Work.Keep();
        }
        if (replacement != null) {
            return works.of(index, replacement);
        }
        KeptPayload payload = stored.payloads().get(index);
        return payload == null || payload.data() == null
                ? new Work.Fail(gone(index, payload != null && payload.expired()))
                : works.of(index, new Candidate.Decoded(payload.recordId(), parse(payload.data())));
    }

    private ItemError gone(int index, boolean expired) {
        String record = "record " + index;
        return expired
                ? ItemError.of(
                        Reason.PAYLOAD_EXPIRED,
                        record
                                + " was kept for "
                                + keptTime.toSeconds()
                                + " s and is no more: give a replacement for it")
                : ItemError.of(
                        Reason.PAYLOAD_NOT_KEPT,
                        record + " was not kept: give a replacement for it");
    }

    /**
     * What is stored about a window of indexes.
     *
     * @param lastRead indexes after this one were not read, for their payloads are too large together
     */
    private record Stored(
            Map<Integer, ItemResult> results, Map<Integer, KeptPayload> payloads, int lastRead) {
        private static final Stored NOTHING = new Stored(Map.of(), Map.of(), Integer.MAX_VALUE);
    }

    private Stored read(BatchTransaction tx, List<Integer> window) {
        Map<Integer, ItemResult> results = new HashMap<>();
        tx.results(batch.id(), window.getFirst(), window.getLast())
                .forEach(result -> results.put(result.index(), result));
        List<Integer> wanted =
                window.stream().filter(index -> !replacements.containsKey(index)).toList();
        Kept kept =
                wanted.isEmpty()
                        ? new Kept(List.of(), true)
                        : tx.failed(batch.id(), wanted, keptTime, size.bytes());
        Map<Integer, KeptPayload> payloads = new HashMap<>();
        kept.payloads().forEach(payload -> payloads.put(payload.index(), payload));
        int lastRead = kept.complete() ? Integer.MAX_VALUE : kept.payloads().getLast().index();
        return new Stored(results, payloads, lastRead);
    }

    private static Json parse(String data) {
        try {
            return Json.parse(data);
        } catch (InvalidJsonException e) {
            throw new IllegalStateException("a kept payload is no JSON any more", e);
        }
    }
}
