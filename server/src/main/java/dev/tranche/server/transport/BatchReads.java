package dev.tranche.server.transport;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.BatchReader;
import dev.tranche.server.batch.BatchResults;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.ListBatchResultsResponse;
import dev.tranche.v1.RecordResult;

/**
 * Answers the reads of {@code tranche.v1.BatchService}.
 *
 * @param replyBytesMax of a page, encoded
 */
record BatchReads(Directory directory, BatchReader batches, int replyBytesMax) {

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
        long workspace = directory.workspace(request.getWorkspace()).id();
        Batch batch =
                request.hasRequestId()
                        ? byRequestId(workspace, request.getRequestId())
                        : byId(workspace, request.getBatchId());
        replies.batch(batch.id());
        replies.send(Accounts.batch(batch));
    }

    void listBatchResults(
            ListBatchResultsRequest request, Replies<ListBatchResultsResponse> replies) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(request.getWorkspace()));
        BatchIds.check("batch_id", request.getBatchId(), violations);
        Pages pages = Pages.of("results", request.getWorkspace(), request.getBatchId());
        int size = Pages.size(request.getPageSize(), violations);
        int from = pages.index(request.getPageToken(), violations);
        violations.refuse();
        long workspace = directory.workspace(request.getWorkspace()).id();
        Batch batch = byId(workspace, request.getBatchId());
        replies.batch(batch.id());
        replies.send(page(batch, from, size, pages));
    }

    private ListBatchResultsResponse page(Batch batch, int from, int size, Pages pages) {
        ListBatchResultsResponse.Builder page = ListBatchResultsResponse.newBuilder();
        ReplySpace space = new ReplySpace(replyBytesMax);
        int next = from + size;
        for (ItemResult result : new BatchResults(batches).page(batch, from, size)) {
            RecordResult encoded = Outcomes.record(result);
            if (!space.take(encoded) && page.getResultsCount() > 0) {
                next = result.index();
                break;
            }
            page.addResults(encoded);
        }
        if (next < batch.counts().total()) {
            page.setNextPageToken(pages.token(Integer.toString(next)));
        }
        return page.build();
    }

    private Batch byId(long workspace, String id) {
        BatchIds.requirePossible(id);
        return batches.find(workspace, id).orElseThrow(() -> missing("batch", id));
    }

    private Batch byRequestId(long workspace, String id) {
        return batches.findByRequestId(workspace, id).orElseThrow(() -> missing("request_id", id));
    }

    private static CallFailure missing(String what, String id) {
        return Directory.missing(Reason.BATCH_NOT_FOUND, what, id);
    }
}
