package dev.tranche.server.transport;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.execute.ExecuteReply;
import dev.tranche.server.insert.InsertPreview;
import dev.tranche.server.insert.InsertRun;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetLimitsRequest;
import dev.tranche.v1.Limits;
import dev.tranche.v1.RetryBatchInsertRequest;
import io.grpc.ServerServiceDefinition;
import java.util.List;

/** Answers {@code tranche.v1.BatchService}: what changes data. */
final class BatchService {
    private static final ResultStream.Form<BatchInsertResponse> FORM =
            new ResultStream.Form<>(
                    results -> BatchInsertResponse.newBuilder().setResults(results).build(),
                    batch -> BatchInsertResponse.newBuilder().setSummary(batch).build());

    private final UseCases useCases;
    private final ServerLimits limits;
    private final BatchReads reads;
    private final BatchListing listing;
    private final BatchDeletion deletion;
    private final BatchWatch watch;
    private final InsertDecoder inserts;
    private final StreamInserts streams;

    BatchService(UseCases useCases, ServerLimits limits) {
        this.useCases = useCases;
        this.limits = limits;
        Directory directory = new Directory(useCases.catalog());
        int replyBytesMax = limits.calls().replyBytesMax();
        BatchLookup lookup = new BatchLookup(directory, useCases.batches());
        this.reads = new BatchReads(lookup, replyBytesMax);
        this.deletion = new BatchDeletion(directory, useCases.accountRemoval());
        this.watch =
                new BatchWatch(
                        lookup,
                        limits.batches().watchInterval(),
                        limits.calls().heartbeatInterval());
        this.listing = new BatchListing(directory, useCases.batches(), replyBytesMax);
        CandidateDecoder candidates =
                new CandidateDecoder(limits.batches().operation().recordBytesMax());
        this.inserts = new InsertDecoder(candidates);
        this.streams = new StreamInserts(useCases.inserts(), candidates, limits);
    }

    ServerServiceDefinition definition() {
        int recordsMax = limits.batches().insert().recordsMax();
        return new ServiceAssembly(BatchServiceGrpc.getServiceDescriptor(), limits.calls())
                .method(BatchServiceGrpc.getExecuteBatchMethod(), this::executeBatch)
                .method(
                        BatchServiceGrpc.getBatchInsertMethod(),
                        InsertMessage.parser(recordsMax),
                        this::batchInsert)
                .streaming(
                        BatchServiceGrpc.getStreamInsertMethod(),
                        StreamPart.parser(),
                        streams::insert)
                .method(BatchServiceGrpc.getRetryBatchInsertMethod(), this::retryBatchInsert)
                .method(BatchServiceGrpc.getGetBatchMethod(), reads::getBatch)
                .method(BatchServiceGrpc.getListBatchesMethod(), listing::list)
                .method(BatchServiceGrpc.getListBatchResultsMethod(), reads::listBatchResults)
                .method(BatchServiceGrpc.getDeleteBatchMethod(), deletion::delete)
                .method(BatchServiceGrpc.getWatchBatchMethod(), watch::watch)
                .method(BatchServiceGrpc.getGetLimitsMethod(), this::getLimits)
                .build();
    }

    private void executeBatch(ExecuteBatchRequest request, Replies<ExecuteBatchResponse> replies) {
        requireEnabled();
        ExecuteResponses responses =
                new ExecuteResponses(request.getDataFormat(), limits.calls().replyBytesMax());
        ExecuteReply reply =
                useCases.execute()
                        .execute(ExecuteDecoder.decode(request), replies.call(), responses::encode);
        if (reply.batch() != null) {
            replies.batch(reply.batch().id());
        }
        replies.send(responses.encode(reply));
    }

    private void batchInsert(InsertMessage request, Replies<BatchInsertResponse> replies) {
        requireEnabled();
        InsertDecoder.Insert insert = inserts.decode(request);
        ResultStream<BatchInsertResponse> out = results(replies, insert.failuresOnly());
        if (insert.validateOnly()) {
            InsertPreview.Predicted predicted =
                    useCases.insertPreview().of(insert.request(), replies.call());
            out.started(started(predicted.batch()));
            out.results(predicted.results());
            out.summary(predicted.batch());
            return;
        }
        try (InsertRun run = useCases.inserts().start(insert.request(), replies.call())) {
            stream(run, replies, out);
        }
    }

    private void retryBatchInsert(
            RetryBatchInsertRequest request, Replies<BatchInsertResponse> replies) {
        requireEnabled();
        try (InsertRun run = useCases.inserts().retry(inserts.decode(request), replies.call())) {
            stream(run, replies, results(replies, false));
        }
    }

    private ResultStream<BatchInsertResponse> results(
            Replies<BatchInsertResponse> replies, boolean failuresOnly) {
        return new ResultStream<>(replies, FORM, limits.calls(), failuresOnly);
    }

    /** Nothing is said of a batch before its first chunk, and with it the account, is committed. */
    private static void stream(
            InsertRun run,
            Replies<BatchInsertResponse> replies,
            ResultStream<BatchInsertResponse> out) {
        replies.batch(run.batch().id());
        List<ItemResult> first = run.nextResults();
        out.started(started(run.batch()));
        out.rest(first, run);
    }

    private static BatchInsertResponse started(Batch batch) {
        return BatchInsertResponse.newBuilder().setStarted(Accounts.batch(batch)).build();
    }

    private void getLimits(GetLimitsRequest request, Replies<Limits> replies) {
        replies.send(LimitsEncoder.encode(limits));
    }

    private void requireEnabled() {
        limits.batches().requireEnabled();
    }
}
