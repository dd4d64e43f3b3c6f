package dev.tranche.server.transport;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a transport leaves for the threads of a call, which wait for it. Nobody interrupts them. */
final class Inbox {
    /** What a message takes beside its bytes. */
    private static final int OVERHEAD_BYTES = 256;

    private final Duration stallMax;
    private final Supplier<Failure> whyGone;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Arrival> arrived = new ArrayDeque<>();
    private long arrivedBytes;
    private boolean awaited;
    private boolean complete;
    private @Nullable CallFailure refusal;
    private volatile boolean gone;

    /**
     * @param stallMax how long to wait for a caller who does nothing
     * @param whyGone why there is no caller any more
     */
    Inbox(Duration stallMax, Supplier<Failure> whyGone) {
        this.stallMax = stallMax;
        this.whyGone = whyGone;
    }

    /**
     * A message that came in.
     *
     * @param bytes what it counts in {@link Admission}
     */
    record Arrival(RawRequest message, long bytes) {}

    /**
     * Asks whether to get another message. The answer is yes once until it has come.
     *
     * @param bytesMax of what is here and not taken; a single message may be larger
     */
    boolean wantsMore(long bytesMax) {
        lock.lock();
        try {
            if (awaited || complete || (arrivedBytes >= bytesMax && !arrived.isEmpty())) {
                return false;
            }
            awaited = true;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void add(Arrival message) {
        leaveWord(() -> {
            awaited = false;
            arrived.add(message);
            arrivedBytes += message.bytes() + OVERHEAD_BYTES;
        });
    }

    /** No more messages come. */
    void complete() {
        leaveWord(() -> complete = true);
    }

    /** There is nobody any more who sends or takes anything. */
    void leave() {
        leaveWord(() -> gone = true);
    }

    boolean isGone() {
        return gone;
    }

    /** The call cannot go on. */
    void refuse(CallFailure why) {
        leaveWord(() -> refusal = why);
    }

    /** Something changed that is not kept here. */
    void wake() {
        leaveWord(() -> {});
    }

    /**
     * Waits for the next message.
     *
     * @param lastSign when the caller was heard of last, by {@link System#nanoTime}
     * @return null if no more will come
     */
    @Nullable Arrival take(LongSupplier lastSign) {
        await(() -> !arrived.isEmpty() || complete, lastSign);
        return poll();
    }

    /** The next message; null if none is here. */
    @Nullable Arrival poll() {
        lock.lock();
        try {
            Arrival next = arrived.poll();
            if (next != null) {
                arrivedBytes -= next.bytes() + OVERHEAD_BYTES;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until something is so.
     *
     * @throws CallFailure if there is nobody any more, the call cannot go on, or the caller did
     *     nothing for too long
     */
    void await(BooleanSupplier there, LongSupplier lastSign) {
        long since = System.nanoTime();
        lock.lock();
        try {
            while (!there.getAsBoolean()) {
                check();
                long sign = lastSign.getAsLong();
                long quiet = System.nanoTime() - (sign - since > 0 ? sign : since);
                long left = stallMax.toNanos() - quiet;
                if (left <= 0) {
                    throw new CallFailure(new Failure.Stalled(stallMax));
                }
                changed.awaitNanos(left);
            }
            check();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a call", e);
        } finally {
            lock.unlock();
        }
    }

    private void check() {
        if (gone) {
            throw new CallFailure(whyGone.get());
        }
        if (refusal != null) {
            throw refusal;
        }
    }

    private void leaveWord(Runnable word) {
        lock.lock();
        try {
            word.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
