package dev.tranche.server.transport;

import dev.tranche.server.batch.ItemResult;
import dev.tranche.v1.ListBatchResultsResponse;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import java.util.Set;

/** A page of results while it is being filled. */
final class ResultPage {
    private final ListBatchResultsResponse.Builder page = ListBatchResultsResponse.newBuilder();
    private final ReplySpace space;
    private final int size;
    private final Set<Outcome> outcomes;

    /**
     * @param size results
     * @param outcomes those that are wanted; empty means all
     */
    ResultPage(int replyBytesMax, int size, Set<Outcome> outcomes) {
        this.space = new ReplySpace(replyBytesMax);
        this.size = size;
        this.outcomes = outcomes;
    }

    /** Takes a result if it is wanted; false if it is and there is no room for it. */
    boolean take(ItemResult result) {
        RecordResult encoded = Outcomes.record(result);
        if (!outcomes.isEmpty() && !outcomes.contains(encoded.getOutcome())) {
            return true;
        }
        boolean room = !isFull() && (space.take(encoded) || page.getResultsCount() == 0);
        if (room) {
            page.addResults(encoded);
        }
        return room;
    }

    boolean isFull() {
        return page.getResultsCount() == size;
    }

    ListBatchResultsResponse last() {
        return page.build();
    }

    ListBatchResultsResponse before(String nextPageToken) {
        return page.setNextPageToken(nextPageToken).build();
    }
}
