package dev.tranche.client;

import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.RecordResult;
import io.grpc.ClientCall;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The results of a {@code BatchInsert} or its retry, ascending by index, as their chunks commit.
 * Reading blocks until the next result is there; a reader that takes its time slows the server down
 * and loses nothing.
 *
 * <p>A stream that ends without its summary, or whose results are not complete and ascending, fails
 * with {@link BrokenStreamException}; it never just ends. For one thread at a time.
 */
public final class InsertStream implements Iterator<RecordResult>, AutoCloseable {
    private final ClientCall<?, BatchInsertResponse> call;
    private final Iterator<BatchInsertResponse> messages;
    private final Batch started;
    private final OptionalInt resultsExpected;
    private @Nullable Batch summary;
    private Iterator<RecordResult> page = Collections.emptyIterator();
    private int resultsRead;
    private int lastIndex = -1;

    private InsertStream(
            ClientCall<?, BatchInsertResponse> call,
            Iterator<BatchInsertResponse> messages,
            Batch started,
            OptionalInt resultsExpected) {
        this.call = call;
        this.messages = messages;
        this.started = started;
        this.resultsExpected = resultsExpected;
    }

    /** Sends the request and waits for the first message. */
    static <T> InsertStream open(
            ClientCall<T, BatchInsertResponse> call, T request, OptionalInt resultsExpected) {
        Iterator<BatchInsertResponse> messages =
                ClientCalls.blockingServerStreamingCall(call, request);
        try {
            return new InsertStream(call, messages, readStart(messages), resultsExpected);
        } catch (StatusRuntimeException e) {
            throw TrancheException.from(e);
        } catch (BrokenStreamException e) {
            call.cancel("the stream is broken", e);
            throw e;
        }
    }

    private static Batch readStart(Iterator<BatchInsertResponse> messages) {
        while (messages.hasNext()) {
            BatchInsertResponse message = messages.next();
            switch (message.getMessageCase()) {
                case STARTED -> {
                    return message.getStarted();
                }
                case RESULTS, SUMMARY ->
                        throw new BrokenStreamException(
                                null, message.getMessageCase() + " came first, not STARTED");
                case MESSAGE_NOT_SET -> {} // Of a newer contract.
            }
        }
        throw new BrokenStreamException(null, "it ended before it started");
    }

    /** The account as it was after the first chunk's commit; its id is what retries name. */
    public Batch started() {
        return started;
    }

    /**
     * Waits for the next result or the end.
     *
     * @throws TrancheException if the call failed half-way; the results read so far stand
     * @throws BrokenStreamException if the server did not keep to the contract
     */
    @Override
    public boolean hasNext() {
        try {
            while (!page.hasNext() && summary == null) {
                readMessage();
            }
            return page.hasNext();
        } catch (StatusRuntimeException e) {
            throw TrancheException.from(e);
        }
    }

    /**
     * Waits for the next result.
     *
     * @throws NoSuchElementException if there is none
     * @throws TrancheException if the call failed half-way; the results read so far stand
     * @throws BrokenStreamException if the server did not keep to the contract
     */
    @Override
    public RecordResult next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all results were read");
        }
        RecordResult result = page.next();
        int index = result.getIndex();
        if (index <= lastIndex) {
            throw broken("index %d came after index %d".formatted(index, lastIndex));
        }
        if (index >= started.getTotalCount()) {
            throw broken("index %d of %d records".formatted(index, started.getTotalCount()));
        }
        lastIndex = index;
        resultsRead++;
        return result;
    }

    /**
     * The account at its end, once all results are read.
     *
     * @throws IllegalStateException before {@link #hasNext} has answered false
     */
    public Batch summary() {
        if (summary == null) {
            throw new IllegalStateException("the summary comes after the last result");
        }
        return summary;
    }

    /**
     * Ends the call if it still runs: the server then stops at the next chunk, and what was
     * inserted until then stays.
     */
    @Override
    public void close() {
        if (summary == null) {
            call.cancel("the reader closed the stream before its end", null);
        }
    }

    private void readMessage() {
        if (!messages.hasNext()) {
            throw broken("it ended without its summary, after %d results".formatted(resultsRead));
        }
        BatchInsertResponse message = messages.next();
        switch (message.getMessageCase()) {
            case STARTED -> throw broken("it started twice");
            case RESULTS -> page = message.getResults().getResultsList().iterator();
            case SUMMARY -> finish(message.getSummary());
            case MESSAGE_NOT_SET -> {} // Of a newer contract.
        }
    }

    private void finish(Batch last) {
        if (resultsExpected.isPresent() && resultsExpected.getAsInt() != resultsRead) {
            throw broken(
                    "%d results came, %d were due"
                            .formatted(resultsRead, resultsExpected.getAsInt()));
        }
        if (messages.hasNext()) {
            throw broken(messages.next().getMessageCase() + " came after the summary");
        }
        summary = last;
    }

    private BrokenStreamException broken(String what) {
        BrokenStreamException broken = new BrokenStreamException(started.getBatchId(), what);
        call.cancel("the stream is broken", broken);
        return broken;
    }
}
