package dev.tranche.server.transport;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.operation.Outcome;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.RecordResults;
import java.util.List;

/**
 * The messages of a BatchInsert's stream.
 *
 * @param replyBytesMax of one of them, encoded
 * @param failuresOnly whether only results of records that are not in force are sent
 */
record ResultStream(Replies<BatchInsertResponse> replies, int replyBytesMax, boolean failuresOnly) {
    /** More would only make a slow reader's unsent message larger. */
    private static final int MESSAGE_BYTES_MAX = 256 << 10;

    void started(Batch batch) {
        replies.send(BatchInsertResponse.newBuilder().setStarted(Accounts.batch(batch)).build());
    }

    /** Sends results, in as many messages as it takes. */
    void results(List<ItemResult> results) {
        RecordResults.Builder message = RecordResults.newBuilder();
        ReplySpace space = space();
        for (ItemResult result : results) {
            if (failuresOnly && isInForce(result.outcome())) {
                continue;
            }
            RecordResult encoded = Outcomes.record(result);
            if (!space.take(encoded) && message.getResultsCount() > 0) {
                send(message);
                message = RecordResults.newBuilder();
                space = space();
                space.take(encoded);
            }
            message.addResults(encoded);
        }
        if (message.getResultsCount() > 0) {
            send(message);
        }
    }

    void summary(Batch batch) {
        replies.send(BatchInsertResponse.newBuilder().setSummary(Accounts.batch(batch)).build());
    }

    private static boolean isInForce(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Applied applied -> true;
            case Outcome.Skipped skipped -> true;
            case Outcome.Failed failed -> false;
            case Outcome.RolledBack nothing -> false;
            case Outcome.NotAttempted nothing -> false;
        };
    }

    private void send(RecordResults.Builder results) {
        replies.send(BatchInsertResponse.newBuilder().setResults(results).build());
    }

    private ReplySpace space() {
        return new ReplySpace(Math.min(MESSAGE_BYTES_MAX, replyBytesMax));
    }
}
