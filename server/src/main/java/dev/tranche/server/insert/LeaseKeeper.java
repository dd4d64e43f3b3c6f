package dev.tranche.server.insert;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Renews a lease three times in its length, until it is closed. */
final class LeaseKeeper implements AutoCloseable {
    private static final int RENEWALS_PER_LEASE = 3;

    private final CountDownLatch closed = new CountDownLatch(1);

    private LeaseKeeper() {}

    static LeaseKeeper start(Duration lease, Runnable renewal) {
        LeaseKeeper keeper = new LeaseKeeper();
        long pauseNanos = lease.toNanos() / RENEWALS_PER_LEASE;
        Thread.ofVirtual().name("lease").start(() -> keeper.keep(pauseNanos, renewal));
        return keeper;
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void keep(long pauseNanos, Runnable renewal) {
        try {
            while (!closed.await(pauseNanos, TimeUnit.NANOSECONDS)) {
                renewal.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
