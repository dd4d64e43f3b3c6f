package dev.tranche.server.config;

import dev.tranche.server.config.Setting.Limit;
import java.time.Duration;

/**
 * What a call may take of the server.
 *
 * @param requestBytesMax of one request message, encoded
 * @param replyBytesMax of one reply message, encoded
 * @param callsMax at once, all connections together
 * @param callsBytesMax of the requests of all calls together, from their first byte in until the call
 *     has ended
 * @param stallMax how long a reader of a stream may take nothing
 * @param shutdownGrace how long running calls may go on after the stop has begun
 */
public record CallLimits(
        int requestBytesMax,
        int replyBytesMax,
        int callsMax,
        long callsBytesMax,
        Duration stallMax,
        Duration shutdownGrace) {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    static final Limit REQUEST_BYTES_MAX =
            new Limit(
                    "request-bytes-max",
                    Unit.BYTES,
                    64 * KIB,
                    16 * MIB,
                    64 * MIB,
                    "One request message; at least the size of a record");
    static final Limit REPLY_BYTES_MAX =
            new Limit(
                    "reply-bytes-max",
                    Unit.BYTES,
                    64 * KIB,
                    4 * MIB,
                    64 * MIB,
                    "One reply message; callers must be ready to accept more than 4 MiB");
    static final Limit CALLS_MAX =
            new Limit("calls-max", Unit.COUNT, 1, 200, 100_000, "Calls at once in all");
    static final Limit CALLS_BYTES_MAX =
            new Limit(
                    "calls-bytes-max",
                    Unit.BYTES,
                    64 * KIB,
                    64 * MIB,
                    64 * 1024 * MIB,
                    "Requests of all calls at once; at least the size of one");
    static final Limit STALL_MAX =
            new Limit(
                    "stall-max",
                    Unit.TIME,
                    1_000,
                    60_000,
                    3_600_000,
                    "How long the reader of a stream may take nothing");
    static final Limit SHUTDOWN_GRACE =
            new Limit(
                    "shutdown-grace",
                    Unit.TIME,
                    0,
                    20_000,
                    600_000,
                    "How long running calls may go on after SIGTERM");
    static final Section SECTION =
            new Section(
                    "Calls",
                    REQUEST_BYTES_MAX,
                    REPLY_BYTES_MAX,
                    CALLS_MAX,
                    CALLS_BYTES_MAX,
                    STALL_MAX,
                    SHUTDOWN_GRACE);

    static CallLimits of(Values values) throws BadSettings {
        values.checkOrder(BatchLimits.RECORD_BYTES_MAX, REQUEST_BYTES_MAX);
        values.checkOrder(REQUEST_BYTES_MAX, CALLS_BYTES_MAX);
        return new CallLimits(
                values.count(REQUEST_BYTES_MAX),
                values.count(REPLY_BYTES_MAX),
                values.count(CALLS_MAX),
                values.amount(CALLS_BYTES_MAX),
                values.time(STALL_MAX),
                values.time(SHUTDOWN_GRACE));
    }
}
