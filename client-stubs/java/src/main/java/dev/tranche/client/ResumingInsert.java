package dev.tranche.client;

import dev.tranche.v1.Batch;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.RecordResult;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The results of an insert that resumes by itself: one per index, ascending, each once, however
 * often the connection or a server breaks. What waiting cannot mend is thrown. For one thread at a
 * time: records are taken from their iterator, sent, and waited for only inside {@link #hasNext} and
 * {@link #next}, so a reader that takes its time slows everything down and loses nothing.
 */
public final class ResumingInsert implements Iterator<RecordResult>, AutoCloseable {
    private static final Set<Status.Code> BREAKS =
            EnumSet.of(Status.Code.CANCELLED, Status.Code.UNKNOWN, Status.Code.DEADLINE_EXCEEDED);

    private final String requestId;
    private final boolean everyIndex;
    private final InsertAttempt.Opener opener;
    private final ResumePolicy policy;
    private final Repeats.Pause pause;
    private final Runnable reconnect;

    private final Deque<RecordResult> page = new ArrayDeque<>();
    private int nextIndex;
    private @Nullable InsertAttempt attempt;
    private @Nullable Batch summary;
    private int failures;
    private long firstFailureNanos;
    private @Nullable RuntimeException end;

    /**
     * @param everyIndex whether the server answers every index, not only failures
     * @param reconnect lets a channel that waits before it connects again do so at once
     */
    ResumingInsert(
            String requestId,
            boolean everyIndex,
            InsertAttempt.Opener opener,
            ResumePolicy policy,
            Repeats.Pause pause,
            Runnable reconnect) {
        this.requestId = requestId;
        this.everyIndex = everyIndex;
        this.opener = opener;
        this.policy = policy;
        this.pause = pause;
        this.reconnect = reconnect;
    }

    /** The idempotency key: with it another process can go on where this one ended. */
    public String requestId() {
        return requestId;
    }

    /**
     * Waits for the next result or the end, over as many calls as it takes.
     *
     * @throws TrancheException if a call failed in a way that waiting does not mend, or calls went
     *     on failing for {@link ResumePolicy#giveUpAfter}; what was inserted stands, and another
     *     insert with the same request id goes on
     * @throws BrokenStreamException if the server did not keep to the contract
     */
    @Override
    public boolean hasNext() {
        while (page.isEmpty() && summary == null) {
            if (end != null) {
                throw end;
            }
            try {
                advance();
            } catch (RuntimeException e) {
                end = e;
                cancel();
                throw e;
            }
        }
        return !page.isEmpty();
    }

    /**
     * Waits for the next result.
     *
     * @throws NoSuchElementException if there is none
     * @throws TrancheException as {@link #hasNext} does
     * @throws BrokenStreamException as {@link #hasNext} does
     */
    @Override
    public RecordResult next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all results were read");
        }
        return page.remove();
    }

    /**
     * The account at its end, once all results are read.
     *
     * @throws IllegalStateException before {@link #hasNext} has answered false
     */
    public Batch summary() {
        if (summary == null || !page.isEmpty()) {
            throw new IllegalStateException("the summary comes after the last result");
        }
        return summary;
    }

    /**
     * Ends the call if one runs: the server then stops at the next chunk, and what was inserted
     * until then stays. Another insert with the same request id goes on.
     */
    @Override
    public void close() {
        if (summary == null && end == null) {
            end = new IllegalStateException("the insert is closed");
            cancel();
        }
    }

    private void cancel() {
        if (attempt != null) {
            attempt.cancel();
            attempt = null;
        }
    }

    private void advance() {
        try {
            if (attempt == null) {
                attempt = opener.open(nextIndex);
            }
            take(attempt.next());
        } catch (StatusRuntimeException e) {
            cancel();
            waitAfter(TrancheException.from(e));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private void take(InsertAttempt.Message message) {
        for (RecordResult result : message.results()) {
            int index = result.getIndex();
            if (everyIndex && index > nextIndex) {
                throw broken("index %d came, index %d was due".formatted(index, nextIndex));
            }
            if (index >= nextIndex) {
                page.add(result);
                nextIndex = index + 1;
                failures = 0;
            }
        }
        Batch last = message.summary();
        if (last != null) {
            if (everyIndex && last.getTotalCount() != nextIndex) {
                throw broken(
                        "%d results came, %d were due".formatted(nextIndex, last.getTotalCount()));
            }
            summary = last;
        }
    }

    private BrokenStreamException broken(String what) {
        return new BrokenStreamException(null, "request id " + requestId + ": " + what);
    }

    private void waitAfter(TrancheException failure) {
        if (!isMendedByWaiting(failure)) {
            throw failure;
        }
        long now = System.nanoTime();
        failures++;
        if (failures == 1) {
            firstFailureNanos = now;
        }
        Duration wait = waitFor(failure);
        Duration spent = Duration.ofNanos(now - firstFailureNanos).plus(wait);
        if (spent.compareTo(policy.giveUpAfter()) > 0) {
            throw failure;
        }
        try {
            pause.pass(wait);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        reconnect.run();
    }

    private Duration waitFor(TrancheException failure) {
        long spread = policy.spread(failures).toNanos();
        return failure.retryDelay()
                .orElse(Duration.ZERO)
                .plusNanos(ThreadLocalRandom.current().nextLong(spread));
    }

    /** The request id makes every repeat safe; only whether it helps is asked here. */
    private static boolean isMendedByWaiting(TrancheException failure) {
        if (failure.isTemporary() || failure.reason() == ErrorReason.ERROR_REASON_BATCH_TIMEOUT) {
            return true;
        }
        return failure.reason() == ErrorReason.ERROR_REASON_UNSPECIFIED && isBreak(failure);
    }

    /** How a connection or a proxy that breaks shows. */
    private static boolean isBreak(TrancheException failure) {
        return BREAKS.contains(failure.code())
                || (failure.code() == Status.Code.INTERNAL
                        && String.valueOf(failure.getMessage()).contains("RST_STREAM"));
    }

    private static TrancheException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return TrancheException.from(
                Status.CANCELLED
                        .withDescription("interrupted while inserting")
                        .withCause(e)
                        .asRuntimeException());
    }
}
