package dev.tranche.server.insert;

import dev.tranche.server.insert.Chunk.Entry;
import dev.tranche.server.insert.InsertLimits.ChunkSize;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The first attempt: the records as the caller sends them. */
final class StreamedRecords implements ChunkSource {
    private final RecordStream records;
    private final ChunkSize size;
    private final Works works;
    private final BooleanSupplier asTrees;
    private final Earlier earlier;
    private int next;

    /**
     * @param asTrees whether the trees of records are wanted
     * @param next the index of the first record that comes
     * @param earlier results that retries came to from there on
     */
    StreamedRecords(
            RecordStream records,
            ChunkSize size,
            Works works,
            BooleanSupplier asTrees,
            Earlier earlier,
            int next) {
        this.records = records;
        this.size = size;
        this.works = works;
        this.asTrees = asTrees;
        this.earlier = earlier;
        this.next = next;
    }

    @Override
    public Chunk next() {
        List<Candidate> candidates =
                records.next(size.records(), size.bytes(), asTrees.getAsBoolean());
        if (candidates.size() > Integer.MAX_VALUE - next) {
            long given = (long) next + candidates.size();
            throw new CallFailure(
                    new Failure.LimitExceeded("int32", "records", given, Integer.MAX_VALUE));
        }
        Earlier.Window before = earlier.window(next, candidates.size());
        List<Entry> entries = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            entries.add(before.entry(next, works.of(next, candidate)));
            next++;
        }
        return new Chunk(entries, candidates.isEmpty());
    }
}
