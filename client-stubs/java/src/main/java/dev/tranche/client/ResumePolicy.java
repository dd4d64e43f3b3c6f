package dev.tranche.client;

import java.time.Duration;

/**
 * How patiently an insert is resumed, and how much of it is kept for that. Before each attempt
 * passes what the server asked for, and on top of it a random time of up to {@code waitFirst},
 * doubled with every attempt that came to nothing and never more than {@code waitMax}.
 *
 * @param waitFirst positive
 * @param waitMax at least {@code waitFirst}
 * @param giveUpAfter how long attempts may come to nothing, from the first failure on; each new
 *     result begins it anew
 * @param quietMax how long a stream may be quiet before it counts as broken; the server sends
 *     something every 10 s unless its operator says otherwise ({@code --heartbeat-interval})
 * @param windowRecords records that are sent and not answered, at least 1
 * @param windowBytes of those records, encoded; one record alone may have more
 */
public record ResumePolicy(
        Duration waitFirst,
        Duration waitMax,
        Duration giveUpAfter,
        Duration quietMax,
        int windowRecords,
        long windowBytes) {

    /** Waits 100 ms to 10 s and gives up after 5 minutes; keeps 10,000 records, 8 MiB. */
    public static final ResumePolicy STANDARD =
            new ResumePolicy(
                    Duration.ofMillis(100),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(60),
                    10_000,
                    8L << 20);

    private static final int DOUBLINGS_MAX = 30;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if something is out of its range
     */
    public ResumePolicy {
        if (waitFirst.isNegative() || waitFirst.isZero() || waitFirst.compareTo(waitMax) > 0) {
            throw new IllegalArgumentException(
                    "first wait: %s given, more than 0 and at most %s allowed"
                            .formatted(waitFirst, waitMax));
        }
        if (quietMax.isNegative() || quietMax.isZero() || giveUpAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "quiet time: %s given, more than 0 allowed; time to give up: %s given, 0 or more"
                            .formatted(quietMax, giveUpAfter)
                            .concat(" allowed"));
        }
        if (windowRecords < 1 || windowBytes < 1) {
            throw new IllegalArgumentException(
                    "window: %d records of %d bytes given, at least 1 of each allowed"
                            .formatted(windowRecords, windowBytes));
        }
    }

    /** The longest random time before the next attempt, after so many that came to nothing. */
    Duration spread(int attempts) {
        Duration doubled = waitFirst.multipliedBy(1L << Math.min(attempts - 1, DOUBLINGS_MAX));
        return doubled.compareTo(waitMax) < 0 ? doubled : waitMax;
    }
}
