package dev.tranche.bench;

import java.sql.SQLException;

/** One way of doing the work of a row: the baseline, or what is compared with it. */
interface Contender extends AutoCloseable {

    /** What it is, in a few words. */
    String name();

    /** Makes everything as it is to be before a run. Not measured. */
    void prepare() throws Exception;

    /**
     * Does the work. Measured, and run again in every round.
     *
     * @throws Exception if anything was not done as it should; the measurement is worth nothing then
     */
    Work run() throws Exception;

    /** Whether it becomes faster by being run; others are measured after one run that does not count. */
    default boolean warmsUp() {
        return true;
    }

    /** Takes away what a run left behind. Not measured, and done after a run that failed, too. */
    default void tidyUp() throws Exception {}

    /** Lets go of connections. */
    @Override
    default void close() throws SQLException {}
}
