package dev.tranche.client;

import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.BatchServiceGrpc.BatchServiceBlockingStub;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.Replacement;
import dev.tranche.v1.ResultFilter;
import dev.tranche.v1.RetryBatchInsertRequest;
import dev.tranche.v1.StreamInsertOptions;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Submits batches over a channel. Immutable and safe for any number of threads; it neither opens
 * nor closes the channel.
 *
 * <p>Every other call is made with the generated stubs on the same channel; {@link
 * TrancheException#from} decodes what they throw.
 */
public final class BatchClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Channel channel;
    private final Duration timeout;
    private final Repeats repeats;
    private final ResumePolicy resumes;

    private BatchClient(Channel channel, Duration timeout, Repeats repeats, ResumePolicy resumes) {
        this.channel = channel;
        this.timeout = timeout;
        this.repeats = repeats;
        this.resumes = resumes;
    }

    /** Repeats by {@link RetryPolicy#STANDARD}, with a timeout of 30 s. */
    public static BatchClient on(Channel channel) {
        return on(channel, RetryPolicy.STANDARD);
    }

    /** Repeats by a policy of the caller's choice, with a timeout of 30 s. */
    public static BatchClient on(Channel channel, RetryPolicy policy) {
        return new BatchClient(
                channel,
                TIMEOUT,
                new Repeats(policy, time -> TimeUnit.NANOSECONDS.sleep(time.toNanos())),
                ResumePolicy.STANDARD);
    }

    /** For tests, which let no time pass. */
    static BatchClient on(Channel channel, Repeats repeats) {
        return new BatchClient(channel, TIMEOUT, repeats, ResumePolicy.STANDARD);
    }

    /**
     * The same client with another timeout of {@code ExecuteBatch}, all repeats of a call together.
     * Streams have none: they last as long as their records need.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public BatchClient withTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "timeout: %s given, more than 0 allowed".formatted(timeout));
        }
        return new BatchClient(channel, timeout, repeats, resumes);
    }

    /** The same client with another patience in resuming inserts. */
    public BatchClient withResumes(ResumePolicy policy) {
        return new BatchClient(channel, timeout, repeats, policy);
    }

    /**
     * Runs operations in one transaction. A request without a request id gets a random one, so that
     * a call whose answer was lost, or that the server asks to send again, is repeated without
     * being done twice.
     *
     * @throws TrancheException if the call failed, or went on failing; with {@code
     *     ON_ERROR_ROLLBACK} also if one operation did
     */
    public ExecuteBatchResponse executeBatch(ExecuteBatchRequest request) {
        ExecuteBatchRequest named =
                request.getRequestId().isEmpty()
                        ? request.toBuilder().setRequestId(UUID.randomUUID().toString()).build()
                        : request;
        Deadline deadline = deadline();
        return repeats.call(deadline, () -> stub(deadline).executeBatch(named));
    }

    /**
     * Runs operations in one transaction, sent exactly as given and exactly once: no request id is
     * added, nothing is repeated. After {@code UNAVAILABLE} or {@code DEADLINE_EXCEEDED} nobody
     * knows whether it was done.
     *
     * @throws TrancheException if the call failed
     */
    public ExecuteBatchResponse executeBatchOnce(ExecuteBatchRequest request) {
        try {
            return stub(deadline()).executeBatch(request);
        } catch (StatusRuntimeException e) {
            throw TrancheException.from(e);
        }
    }

    /**
     * Inserts records one by one and streams a result for each. Returns once the first chunk is
     * committed. Never repeated: after a failure the results received stand, and the batch's
     * account tells of the rest.
     *
     * @throws TrancheException if the call failed before anything was inserted
     * @throws BrokenStreamException if the server did not keep to the contract
     */
    public InsertStream batchInsert(BatchInsertRequest request) {
        return open(
                BatchServiceGrpc.getBatchInsertMethod(),
                request,
                OptionalInt.of(request.getRecordsCount()));
    }

    /**
     * Inserts a list of records and resumes by itself until every index has its result. A request
     * without a request id gets a random one. The whole request is sent again after a break; the
     * server answers what it has done already and goes on.
     */
    public ResumingInsert insert(BatchInsertRequest request) {
        BatchInsertRequest named =
                request.getRequestId().isEmpty()
                        ? request.toBuilder().setRequestId(UUID.randomUUID().toString()).build()
                        : request;
        return resuming(
                named.getRequestId(),
                named.getResultFilter() != ResultFilter.RESULT_FILTER_FAILURES_ONLY,
                resultsFrom -> ListAttempt.open(channel, named));
    }

    /**
     * Inserts any number of records over {@code StreamInsert} and resumes by itself until every
     * index has its result. Options without a request id get a random one. Only the records that
     * are sent and not answered are kept ({@link ResumePolicy#windowRecords}). With the request id
     * of an insert that another process began, the records must come from the first one on, and all
     * results come again.
     *
     * @param records taken one by one, on the thread that reads the results
     * @throws IllegalArgumentException if the options ask for failures only: then nobody says which
     *     records need not be sent again
     */
    public ResumingInsert streamInsert(
            StreamInsertOptions options, Iterator<InsertRecord> records) {
        if (options.getResultFilter() == ResultFilter.RESULT_FILTER_FAILURES_ONLY) {
            throw new IllegalArgumentException(
                    "result_filter: failures only given, all results allowed");
        }
        StreamInsertOptions named =
                options.getRequestId().isEmpty()
                        ? options.toBuilder().setRequestId(UUID.randomUUID().toString()).build()
                        : options;
        RecordWindow window = new RecordWindow(records, resumes);
        return resuming(
                named.getRequestId(),
                true,
                resultsFrom ->
                        StreamAttempt.open(
                                channel,
                                named.toBuilder().setResultsFrom(resultsFrom).build(),
                                window,
                                resumes.quietMax()));
    }

    private ResumingInsert resuming(
            String requestId, boolean everyIndex, InsertAttempt.Opener opener) {
        Runnable reconnect =
                channel instanceof ManagedChannel managed ? managed::resetConnectBackoff : () -> {};
        return new ResumingInsert(
                requestId, everyIndex, opener, resumes, repeats.pause(), reconnect);
    }

    /**
     * Tries failed records of an earlier insert again and streams a result for each.
     *
     * @throws TrancheException if the call failed before anything was inserted
     * @throws BrokenStreamException if the server did not keep to the contract
     */
    public InsertStream retryBatchInsert(RetryBatchInsertRequest request) {
        return open(BatchServiceGrpc.getRetryBatchInsertMethod(), request, resultsOf(request));
    }

    private Deadline deadline() {
        return Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private BatchServiceBlockingStub stub(Deadline deadline) {
        return BatchServiceGrpc.newBlockingStub(channel).withDeadline(deadline);
    }

    private <T> InsertStream open(
            MethodDescriptor<T, BatchInsertResponse> method, T request, OptionalInt results) {
        return InsertStream.open(channel.newCall(method, CallOptions.DEFAULT), request, results);
    }

    /** Without indices the server decides which failed; only it knows how many those are. */
    private static OptionalInt resultsOf(RetryBatchInsertRequest request) {
        if (request.getRetryIndicesCount() == 0) {
            return OptionalInt.empty();
        }
        Set<Integer> indices = new HashSet<>(request.getRetryIndicesList());
        request.getReplacementsList().stream().map(Replacement::getIndex).forEach(indices::add);
        return OptionalInt.of(indices.size());
    }
}
