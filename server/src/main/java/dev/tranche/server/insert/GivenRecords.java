package dev.tranche.server.insert;

import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.insert.Chunk.Entry;
import dev.tranche.server.insert.Chunk.Work;
import java.util.ArrayList;
import java.util.List;

/** The first attempt: the records as the request gives them. */
final class GivenRecords implements ChunkSource {
    private final InsertRequest request;
    private final InsertLimits limits;
    private final Works works;
    private int next;

    GivenRecords(InsertRequest request, InsertLimits limits, FreshIds ids) {
        this.request = request;
        this.limits = limits;
        this.works = new Works(ids, request.collection(), false);
    }

    @Override
    public Chunk next() {
        List<Entry> entries = new ArrayList<>();
        long bytes = 0;
        int count = request.records().count();
        while (next < count && entries.size() < limits.chunkRecordsMax()) {
            Candidate candidate = request.records().get(next);
            bytes += Works.bytes(candidate);
            if (bytes > limits.chunkBytesMax() && !entries.isEmpty()) {
                break;
            }
            Work work = works.of(next, candidate);
            entries.add(new Entry(next, work, null));
            next++;
        }
        return new Chunk(entries, next == count);
    }
}
