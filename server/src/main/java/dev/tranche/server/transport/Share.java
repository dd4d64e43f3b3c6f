package dev.tranche.server.transport;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What some calls take together, and what they may. */
final class Share {
    private final int callsMax;
    private final long bytesMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int calls;
    private long bytes;

    /**
     * @param callsMax at once
     * @param bytesMax of their requests
     */
    Share(int callsMax, long bytesMax) {
        this.callsMax = callsMax;
        this.bytesMax = bytesMax;
    }

    /** Takes one more call; false, and nothing is taken, if there are enough. */
    boolean enter() {
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

    /** A call is over. */
    void leave() {
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

    /**
     * Counts bytes, which are there whether they may be or not.
     *
     * @param more negative if they are gone
     * @return whether all of them together are as many as they may be, or fewer
     */
    boolean hold(long more) {
        lock.lock();
        try {
            bytes += more;
            return bytes <= bytesMax;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that are held now. */
    long bytesHeld() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Calls that are worked on now. */
    int calls() {
        lock.lock();
        try {
            return calls;
        } finally {
            lock.unlock();
        }
    }

    /** Whether more than half of the bytes are taken. */
    boolean isCrowded() {
        return bytesHeld() > bytesMax / 2;
    }

    /**
     * Waits until no call is worked on.
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
}
