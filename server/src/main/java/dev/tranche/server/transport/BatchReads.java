package dev.tranche.server.transport;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.BatchResults;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.ListBatchResultsResponse;
import dev.tranche.v1.Outcome;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Answers the reads of {@code tranche.v1.BatchService}.
 *
 * @param replyBytesMax of a page, encoded
 */
record BatchReads(BatchLookup lookup, int replyBytesMax) {
    /** How many indexes a page looks at, whatever it finds. */
    private static final int INDEXES_MAX = 20_000;

    /** Results of so many indexes are in memory together. */
    private static final int INDEXES_AT_ONCE = 1_000;

    void getBatch(GetBatchRequest request, Replies<dev.tranche.v1.Batch> replies) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(request.getWorkspace()));
        switch (request.getKeyCase()) {
            case BATCH_ID -> BatchIds.check("batch_id", request.getBatchId(), violations);
            case REQUEST_ID ->
                    violations.check("request_id", Identifiers.requestId(request.getRequestId()));
            case KEY_NOT_SET ->
                    violations.add(
                            "batch_id", "neither batch_id nor request_id given, one allowed");
        }
        violations.refuse();
        long workspace = lookup.directory().workspace(request.getWorkspace()).id();
        Batch batch =
                request.hasRequestId()
                        ? lookup.byRequestId(workspace, request.getRequestId())
                        : lookup.byId(workspace, request.getBatchId());
        replies.batch(batch.id());
        replies.send(Accounts.batch(batch));
    }

    void listBatchResults(
            ListBatchResultsRequest request, Replies<ListBatchResultsResponse> replies) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(request.getWorkspace()));
        BatchIds.check("batch_id", request.getBatchId(), violations);
        Set<Outcome> outcomes = outcomes(request, violations);
        Pages pages = pages(request, outcomes);
        int size = Pages.size(request.getPageSize(), violations);
        int from = pages.index(request.getPageToken(), violations);
        violations.refuse();
        long workspace = lookup.directory().workspace(request.getWorkspace()).id();
        Batch batch = lookup.byId(workspace, request.getBatchId());
        replies.batch(batch.id());
        ResultPage page = new ResultPage(replyBytesMax, size, outcomes);
        int next = fill(page, batch, from, outcomes.isEmpty() ? size : INDEXES_AT_ONCE);
        replies.send(
                next < batch.counts().total()
                        ? page.before(pages.token(Integer.toString(next)))
                        : page.last());
    }

    private static Set<Outcome> outcomes(ListBatchResultsRequest request, Violations violations) {
        Set<Outcome> outcomes = EnumSet.noneOf(Outcome.class);
        for (int i = 0; i < request.getOutcomesCount(); i++) {
            Outcome outcome = request.getOutcomes(i);
            if (outcome == Outcome.UNRECOGNIZED || outcome == Outcome.OUTCOME_UNSPECIFIED) {
                violations.add(
                        "outcomes[" + i + "]",
                        "unknown value " + request.getOutcomesValue(i) + " given");
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    private static Pages pages(ListBatchResultsRequest request, Set<Outcome> outcomes) {
        List<String> listing =
                new ArrayList<>(List.of("results", request.getWorkspace(), request.getBatchId()));
        outcomes.forEach(outcome -> listing.add(outcome.name()));
        return new Pages(listing);
    }

    /**
     * Fills a page, looking at so many indexes and no more.
     *
     * @param atOnce indexes to look at first; if that does not fill it, more are looked at
     * @return the first index that was not looked at
     */
    private int fill(ResultPage page, Batch batch, int from, int atOnce) {
        BatchResults results = new BatchResults(lookup.batches());
        int end = (int) Math.min(batch.counts().total(), (long) from + INDEXES_MAX);
        int next = from;
        int some = atOnce;
        while (next < end && !page.isFull()) {
            int to = Math.min(end, next + some);
            for (ItemResult result : results.page(batch, next, to - next)) {
                if (!page.take(result)) {
                    return result.index();
                }
            }
            next = to;
            some = INDEXES_AT_ONCE;
        }
        return next;
    }
}
