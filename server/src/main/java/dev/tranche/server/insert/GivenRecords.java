package dev.tranche.server.insert;

import dev.tranche.server.insert.Chunk.Entry;
import dev.tranche.server.insert.InsertLimits.ChunkSize;
import dev.tranche.server.insert.InsertRequest.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The first attempt: the records as the request gives them. */
final class GivenRecords implements ChunkSource {
    /** Of so many chunks the first is a part of one: until it is read the database idles. */
    private static final int MANY_CHUNKS = 8;

    private static final int FIRST_PART = 4;

    private final Records records;
    private final ChunkSize size;
    private final Works works;
    private final BooleanSupplier asTrees;
    private final Earlier earlier;
    private final int first;
    private int next;

    /**
     * @param asTrees whether the trees of records are wanted
     * @param next the first index that was not attempted yet
     * @param earlier results that retries came to from there on
     */
    GivenRecords(
            Records records,
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
        this.first = next;
        this.next = next;
    }

    @Override
    public Chunk next() {
        List<Entry> entries = new ArrayList<>();
        long bytes = 0;
        int count = records.count();
        int most = most(count - next);
        boolean trees = asTrees.getAsBoolean();
        Earlier.Window before = earlier.window(next, most);
        while (next < count && entries.size() < most) {
            Candidate candidate = records.get(next, trees);
            bytes += Works.bytes(candidate);
            if (bytes > size.bytes() && !entries.isEmpty()) {
                break;
            }
            entries.add(before.entry(next, works.of(next, candidate)));
            next++;
        }
        return new Chunk(entries, next == count);
    }

    /** Records of the next chunk, unless they are too many bytes. */
    private int most(int left) {
        int chunk = size.records();
        boolean part = next == first && left / MANY_CHUNKS >= chunk && chunk >= FIRST_PART;
        return part ? chunk / FIRST_PART : Math.min(left, chunk);
    }
}
