package dev.tranche.server.transport;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells {@code grpc.health.v1} whether calls make sense: while the database answers. One answer that
 * stays out means nothing; several in a row take the server out of service, and a few that come take
 * it back in.
 */
final class Readiness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final int FAILURES_TO_LEAVE = 3;
    private static final int ANSWERS_TO_RETURN = 2;

    private final HealthStatusManager health = new HealthStatusManager();
    private final List<String> services;
    private final BooleanSupplier database;
    private final Duration interval;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread prober;
    private boolean ready;
    private boolean everReady;
    private int contrary;

    /**
     * @param services names of the services it speaks for
     * @param database whether it answers; false, or any exception, says no, within seconds
     * @param interval between two questions
     */
    Readiness(List<String> services, BooleanSupplier database, Duration interval) {
        this.services = services;
        this.database = database;
        this.interval = interval;
        this.prober = Thread.ofPlatform().name("readiness").daemon().unstarted(this::probe);
    }

    /** The health service; answers NOT_SERVING until the database has answered. */
    BindableService service() {
        return health.getHealthService();
    }

    /** Asks the database once before it returns, then again and again. */
    void start() {
        say(false);
        observe(answers());
        prober.start();
    }

    /** Says that no more calls are wanted, for good. */
    @Override
    public void close() {
        if (closed.getCount() > 0) {
            closed.countDown();
            health.enterTerminalState();
        }
    }

    /** Takes note of one answer. */
    void observe(boolean answered) {
        if (answered == ready) {
            contrary = 0;
            return;
        }
        contrary++;
        if (contrary >= needed(answered)) {
            LOG.info(answered ? "the database answers: in service" : "no database: out of service");
            contrary = 0;
            ready = answered;
            everReady |= answered;
            say(answered);
        }
    }

    private int needed(boolean answered) {
        if (!answered) {
            return FAILURES_TO_LEAVE;
        }
        return everReady ? ANSWERS_TO_RETURN : 1;
    }

    private void probe() {
        try {
            while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                observe(answers());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answers() {
        try {
            return database.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.debug("the database does not answer", e);
            return false;
        }
    }

    private void say(boolean serving) {
        ServingStatus status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        services.forEach(service -> health.setStatus(service, status));
    }
}
