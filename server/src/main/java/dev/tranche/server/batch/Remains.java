package dev.tranche.server.batch;

import java.time.Duration;

/** Port: what is left of things that are over, and who may remove it. */
public interface Remains {

    /**
     * Who removes. Of all servers on a database one has the lease.
     *
     * @param holder tells this server from all others
     * @param lease how long nobody else may remove anything after a step, by the database's clock
     */
    record Tenure(String holder, Duration lease) {}

    /**
     * What a step came to.
     *
     * @param mine whether this server has the lease; if not, nothing was done
     * @param rows how many were removed; 0 if nothing is left that can be
     */
    record Step(boolean mine, int rows) {}

    /**
     * Removes some of what is past its time, by the database's clock, in a short transaction of its
     * own, which begins or renews the lease. Passes over what others hold.
     *
     * @param rowsMax at most so many
     * @throws dev.tranche.server.operation.CallFailure DATABASE_UNAVAILABLE, TRANSACTION_CONFLICT,
     *     OUTCOME_UNKNOWN; what was not removed is so in a later step
     */
    Step remove(Leftover kind, Retention retention, Tenure tenure, int rowsMax);
}
