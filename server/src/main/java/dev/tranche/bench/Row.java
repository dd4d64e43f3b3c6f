package dev.tranche.bench;

import dev.tranche.bench.Sample.Metric;
import java.util.Set;

/**
 * A line of the table: two contenders that do the same work in turns.
 *
 * @param quick whether {@code --quick} measures it, too
 * @param item what a contender does many of: record or operation
 */
record Row(
        Group group,
        String name,
        boolean quick,
        String item,
        Metric metric,
        Casting baseline,
        Casting variant,
        Goal goal,
        Worth worth) {

    /** Rows that belong together, as {@code --only} names them. */
    enum Group {
        INSERT,
        BATCH,
        GROWTH,
        START;

        /** As it is written. */
        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Puts a contender on the stage, once it is the row's turn. */
    @FunctionalInterface
    interface Casting {
        Contender on(Stage stage) throws Exception;
    }

    /** Whether it is asked for; by nothing, its group or its own name. */
    boolean isIn(Set<String> only) {
        return only.isEmpty() || only.contains(group.text()) || only.contains(name);
    }
}
