package dev.tranche.client;

import java.time.Duration;

/**
 * How often and how patiently a call is repeated. Before each repeat passes what the server asked
 * for, and on top of it a random time of up to {@code waitFirst}, doubled with every repeat and
 * never more than {@code waitMax}.
 *
 * @param attemptsMax calls in all, the first included; 1 to 10, 1 repeats nothing
 * @param waitFirst positive
 * @param waitMax at least {@code waitFirst}
 */
public record RetryPolicy(int attemptsMax, Duration waitFirst, Duration waitMax) {
    private static final int ATTEMPTS_LIMIT = 10;

    /** Up to 5 attempts, waiting 100 ms to 5 s. */
    public static final RetryPolicy STANDARD =
            new RetryPolicy(5, Duration.ofMillis(100), Duration.ofSeconds(5));

    /** Repeats nothing. */
    public static final RetryPolicy NONE =
            new RetryPolicy(1, STANDARD.waitFirst(), STANDARD.waitMax());

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if something is out of its range
     */
    public RetryPolicy {
        if (attemptsMax < 1 || attemptsMax > ATTEMPTS_LIMIT) {
            throw new IllegalArgumentException(
                    "attempts: %d given, 1 to %d allowed".formatted(attemptsMax, ATTEMPTS_LIMIT));
        }
        if (waitFirst.isNegative() || waitFirst.isZero() || waitFirst.compareTo(waitMax) > 0) {
            throw new IllegalArgumentException(
                    "first wait: %s given, more than 0 and at most %s allowed"
                            .formatted(waitFirst, waitMax));
        }
    }

    /** The longest random time before a repeat, after this many attempts. */
    Duration spread(int attempts) {
        Duration doubled = waitFirst.multipliedBy(1L << (attempts - 1));
        return doubled.compareTo(waitMax) < 0 ? doubled : waitMax;
    }
}
