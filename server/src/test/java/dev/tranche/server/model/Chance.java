package dev.tranche.server.model;

import java.util.List;
import java.util.Random;

/**
 * Decides what a batch becomes.
 *
 * @param careful whether what is likely to fail is hardly ever chosen
 */
record Chance(Random random, boolean careful) {
    /** How much rarer odd things are in a careful batch. */
    private static final int CARE = 12;

    /** True once in so many times. */
    boolean once(int times) {
        return random.nextInt(times) == 0;
    }

    /** True once in so many times, for something that will mostly fail. */
    boolean odd(int times) {
        return once(careful ? CARE * times : times);
    }

    /** True in so many of a hundred cases. */
    boolean percent(int percent) {
        return random.nextInt(100) < percent;
    }

    /** From 0 to below the bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
