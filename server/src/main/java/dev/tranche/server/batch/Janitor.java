package dev.tranche.server.batch;

import dev.tranche.server.batch.Remains.Step;
import dev.tranche.server.batch.Remains.Tenure;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is past its time, in rounds of small steps with pauses between them, on a thread of
 * its own. Of several servers one does; another takes over when it is gone.
 */
public final class Janitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);

    private final Remains remains;
    private final Retention retention;
    private final Pace pace;
    private final Tenure tenure;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private boolean failing;

    /**
     * How fast it goes.
     *
     * @param interval between two rounds, and before the first
     * @param pause between two steps
     * @param rowsMax of a step
     */
    public record Pace(Duration interval, Duration pause, int rowsMax) {

        /** Long enough for a step and the pause after it. */
        Duration lease() {
            return pause.multipliedBy(2).plusSeconds(30);
        }
    }

    private Janitor(Remains remains, Retention retention, Pace pace) {
        this.remains = remains;
        this.retention = retention;
        this.pace = pace;
        this.tenure = new Tenure(UUID.randomUUID().toString(), pace.lease());
        this.thread = Thread.ofVirtual().name("janitor").unstarted(this::run);
    }

    /** Begins to remove. */
    public static Janitor start(Remains remains, Retention retention, Pace pace) {
        Janitor janitor = new Janitor(remains, retention, pace);
        janitor.thread.start();
        return janitor;
    }

    /** Ends after the step under way. */
    @Override
    public void close() {
        closed.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosedWithin(pace.interval())) {
            try {
                round();
                if (failing) {
                    LOG.info("what is past its time is being removed again");
                }
                failing = false;
            } catch (RuntimeException e) {
                // The next round tries again; of one fault after the other the first is enough.
                if (!failing) {
                    LOG.warn("what is past its time could not be removed", e);
                }
                failing = true;
            }
        }
    }

    private void round() {
        for (Leftover kind : Leftover.values()) {
            Step step = remains.remove(kind, retention, tenure, pace.rowsMax());
            while (step.mine() && step.rows() > 0) {
                if (isClosedWithin(pace.pause())) {
                    return;
                }
                step = remains.remove(kind, retention, tenure, pace.rowsMax());
            }
            if (!step.mine()) {
                return;
            }
        }
    }

    private boolean isClosedWithin(Duration time) {
        try {
            return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the janitor", e);
        }
    }
}
