package dev.tranche.client;

import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.BatchServiceGrpc.BatchServiceBlockingStub;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.Replacement;
import dev.tranche.v1.RetryBatchInsertRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.HashSet;
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

    private BatchClient(Channel channel, Duration timeout, Repeats repeats) {
        this.channel = channel;
        this.timeout = timeout;
        this.repeats = repeats;
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
                new Repeats(policy, time -> TimeUnit.NANOSECONDS.sleep(time.toNanos())));
    }

    /** For tests, which let no time pass. */
    static BatchClient on(Channel channel, Repeats repeats) {
        return new BatchClient(channel, TIMEOUT, repeats);
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
        return new BatchClient(channel, timeout, repeats);
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
