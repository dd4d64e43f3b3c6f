package dev.tranche.server.transport;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what all calls together take: how many there are, and the bytes of their requests. Bytes
 * count as they arrive, before a message is whole, so that callers who open calls and send nothing
 * keep nobody out; the call whose bytes are too many is refused.
 */
final class Admission extends ServerStreamTracer.Factory {
    private static final Context.Key<Ticket> TICKET = Context.key("tranche-ticket");

    private final int callsMax;
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int calls;

    Admission(int callsMax, long bytesMax) {
        this.callsMax = callsMax;
        this.bytesMax = bytesMax;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new Ticket();
    }

    /** That of the call being started on this thread. */
    static Ticket current() {
        return TICKET.get();
    }

    /** Bytes of requests that are held now. */
    long bytesHeld() {
        return bytes.get();
    }

    /**
     * Waits until no call is being worked on.
     *
     * @return whether that came true in time
     */
    boolean awaitIdle(Duration time) throws InterruptedException {
        long nanos = time.toNanos();
        lock.lock();
        try {
            while (calls > 0) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = idle.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            if (calls == callsMax) {
                return false;
            }
            calls++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            calls--;
            if (calls == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What one call takes. Its bytes are given back when the stream and the work are both over. */
    final class Ticket extends ServerStreamTracer {
        private static final int STREAM = 1;

        private volatile long lastReceivedNanos = System.nanoTime();
        private long wireBytes;
        private long messageBytes;
        private long held;
        private int holders = STREAM;
        private boolean refused;
        private @Nullable Runnable whenRefused;

        @Override
        public Context filterContext(Context context) {
            return context.withValue(TICKET, this);
        }

        /**
         * Work on the call begins.
         *
         * @param refusal runs, on any thread, when its bytes turn out to be too many
         * @return false if there are too many calls
         */
        boolean enter(Runnable refusal) {
            if (!begin()) {
                return false;
            }
            boolean refusedAlready;
            synchronized (this) {
                holders++;
                whenRefused = refusal;
                refusedAlready = refused;
            }
            if (refusedAlready) {
                refusal.run();
            }
            return true;
        }

        /** Work on the call is over. */
        void leave() {
            release();
            end();
        }

        /** When the last byte came in, by {@link System#nanoTime}. */
        long lastReceivedNanos() {
            return lastReceivedNanos;
        }

        @Override
        public void inboundWireSize(long more) {
            lastReceivedNanos = System.nanoTime();
            hold(more, 0);
        }

        @Override
        public void inboundUncompressedSize(long more) {
            hold(0, more);
        }

        @Override
        public void streamClosed(Status status) {
            release();
        }

        private void hold(long moreWire, long moreMessage) {
            Runnable refusal = null;
            synchronized (this) {
                wireBytes += moreWire;
                messageBytes += moreMessage;
                long more = Math.max(wireBytes, messageBytes) - held;
                if (holders > 0 && more > 0) {
                    held += more;
                    if (bytes.addAndGet(more) > bytesMax && !refused) {
                        refused = true;
                        refusal = whenRefused;
                    }
                }
            }
            if (refusal != null) {
                refusal.run();
            }
        }

        private synchronized void release() {
            holders--;
            if (holders == 0) {
                bytes.addAndGet(-held);
                held = 0;
            }
        }
    }
}
