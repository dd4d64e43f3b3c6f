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
 *     has ended; of one that streams until a message is dealt with
 * @param workspaceCallsMax at once about one workspace
 * @param workspaceBytesMax of the requests of all calls about one workspace
 * @param stallMax how long a caller who streams may neither send nor take anything
 * @param heartbeatInterval how long a stream of results may be quiet
 * @param shutdownGrace how long running calls may go on after the stop has begun
 */
public record CallLimits(
        int requestBytesMax,
        int replyBytesMax,
        int callsMax,
        long callsBytesMax,
        int workspaceCallsMax,
        long workspaceBytesMax,
        Duration stallMax,
        Duration heartbeatInterval,
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
    static final Limit WORKSPACE_CALLS_MAX =
            new Limit(
                    "workspace-calls-max",
                    Unit.COUNT,
                    1,
                    100,
                    100_000,
                    "Calls at once about one workspace; if not set, half of --calls-max");
    static final Limit WORKSPACE_BYTES_MAX =
            new Limit(
                    "workspace-bytes-max",
                    Unit.BYTES,
                    64 * KIB,
                    32 * MIB,
                    64 * 1024 * MIB,
                    "Requests about one workspace at once; if not set, half of --calls-bytes-max");
    static final Limit STALL_MAX =
            new Limit(
                    "stall-max",
                    Unit.TIME,
                    1_000,
                    60_000,
                    3_600_000,
                    "How long the caller of a stream may neither send nor take anything");
    static final Limit HEARTBEAT_INTERVAL =
            new Limit(
                    "heartbeat-interval",
                    Unit.TIME,
                    100,
                    10_000,
                    3_600_000,
                    "How long a stream of results may be quiet, then an empty message is sent");
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
                    WORKSPACE_CALLS_MAX,
                    WORKSPACE_BYTES_MAX,
                    STALL_MAX,
                    HEARTBEAT_INTERVAL,
                    SHUTDOWN_GRACE);

    static CallLimits of(Values values) throws BadSettings {
        values.checkOrder(BatchLimits.RECORD_BYTES_MAX, REQUEST_BYTES_MAX);
        values.checkOrder(REQUEST_BYTES_MAX, CALLS_BYTES_MAX);
        long requestBytes = values.amount(REQUEST_BYTES_MAX);
        long halfTheBytes = values.amount(CALLS_BYTES_MAX) / 2;
        Values all =
                values.withDefault(WORKSPACE_CALLS_MAX, (values.amount(CALLS_MAX) + 1) / 2)
                        .withDefault(WORKSPACE_BYTES_MAX, Math.max(requestBytes, halfTheBytes));
        all.checkOrder(WORKSPACE_CALLS_MAX, CALLS_MAX);
        all.checkOrder(REQUEST_BYTES_MAX, WORKSPACE_BYTES_MAX);
        all.checkOrder(WORKSPACE_BYTES_MAX, CALLS_BYTES_MAX);
        return read(all);
    }

    private static CallLimits read(Values values) {
        return new CallLimits(
                values.count(REQUEST_BYTES_MAX),
                values.count(REPLY_BYTES_MAX),
                values.count(CALLS_MAX),
                values.amount(CALLS_BYTES_MAX),
                values.count(WORKSPACE_CALLS_MAX),
                values.amount(WORKSPACE_BYTES_MAX),
                values.time(STALL_MAX),
                values.time(HEARTBEAT_INTERVAL),
                values.time(SHUTDOWN_GRACE));
    }
}
