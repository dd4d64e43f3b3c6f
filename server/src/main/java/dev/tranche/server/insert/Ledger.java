package dev.tranche.server.insert;

import dev.tranche.server.batch.Accounts;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.batch.KeptPayload;
import dev.tranche.server.insert.Chunk.Entry;
import dev.tranche.server.insert.Chunk.Work;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a chunk writes into the account: new results, and failed records to keep or to forget. */
final class Ledger {
    private final long keptBytesMax;
    private long keptBytes;
    private final List<ItemResult> results = new ArrayList<>();
    private final List<KeptPayload> failed = new ArrayList<>();
    private final List<Integer> retried = new ArrayList<>();

    /**
     * @param keptBytes UTF-8 bytes of the batch's failed records that are kept beside this chunk's
     */
    Ledger(long keptBytes, long keptBytesMax) {
        this.keptBytes = keptBytes;
        this.keptBytesMax = keptBytesMax;
    }

    void add(Entry entry, ItemResult result) {
        switch (entry.work()) {
            case Work.Keep keep -> {}
            case Work.Insert insert -> addFresh(entry, result, insert);
            case Work.Fail fail -> addFresh(entry, result, null);
        }
    }

    void write(Accounts accounts, String batchId) {
        if (!results.isEmpty()) {
            accounts.appendResults(batchId, results);
        }
        if (!retried.isEmpty()) {
            accounts.forgetFailed(batchId, retried);
        }
        if (!failed.isEmpty()) {
            accounts.keepFailed(batchId, failed);
        }
    }

    long keptBytes() {
        return keptBytes;
    }

    private void addFresh(Entry entry, ItemResult result, Work.@Nullable Insert insert) {
        results.add(result);
        if (entry.before() != null && !(result.outcome() instanceof Outcome.NotAttempted)) {
            retried.add(entry.index());
        }
        switch (result.outcome()) {
            case Outcome.Failed error -> failed.add(payload(entry.index(), insert, error));
            case Outcome.RolledBack nothing -> failed.add(payload(entry.index(), insert, null));
            case Outcome.Applied applied -> {}
            case Outcome.Skipped skipped -> {}
            case Outcome.NotAttempted nothing -> {}
        }
    }

    private KeptPayload payload(
            int index, Work.@Nullable Insert insert, Outcome.@Nullable Failed failure) {
        if (insert == null) {
            boolean expired = failure != null && failure.error().reason() == Reason.PAYLOAD_EXPIRED;
            return new KeptPayload(index, null, null, expired);
        }
        Json data = insert.data();
        if (keptBytes + data.sizeBytes() > keptBytesMax) {
            return new KeptPayload(index, null, null);
        }
        keptBytes += data.sizeBytes();
        return new KeptPayload(index, insert.givenId(), data.text());
    }
}
