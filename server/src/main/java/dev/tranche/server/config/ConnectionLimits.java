package dev.tranche.server.config;

import dev.tranche.server.config.Setting.Limit;
import java.time.Duration;

/**
 * What one HTTP/2 connection of a caller may take.
 *
 * @param callsMax at once
 * @param headerBytesMax of a call's headers, as HTTP/2 counts them
 * @param handshakeTimeMax until the connection is ready for calls
 * @param idleMax without a call, then it is closed
 * @param ageMax then it takes no new calls
 * @param ageGrace how long after that its running calls may go on
 * @param keepaliveIntervalMin between two pings of the caller
 * @param keepaliveInterval of silence, then the server pings
 * @param keepaliveTimeMax for the answer to that ping
 * @param resetsMax streams that the caller may reset within {@code resetsWindow}
 * @param resetsWindow whole seconds
 */
public record ConnectionLimits(
        int callsMax,
        int headerBytesMax,
        Duration handshakeTimeMax,
        Duration idleMax,
        Duration ageMax,
        Duration ageGrace,
        Duration keepaliveIntervalMin,
        Duration keepaliveInterval,
        Duration keepaliveTimeMax,
        int resetsMax,
        Duration resetsWindow) {
    private static final long KIB = 1L << 10;
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;

    static final Limit CALLS_MAX =
            new Limit("connection-calls-max", Unit.COUNT, 1, 100, 10_000, "Calls at once on it");
    static final Limit HEADER_BYTES_MAX =
            new Limit(
                    "header-bytes-max", Unit.BYTES, KIB, 16 * KIB, 1024 * KIB, "Headers of a call");
    static final Limit HANDSHAKE_TIME_MAX =
            new Limit(
                    "handshake-time-max",
                    Unit.TIME,
                    100,
                    10 * SECOND,
                    2 * MINUTE,
                    "Time until it is ready for calls");
    static final Limit IDLE_MAX =
            new Limit(
                    "connection-idle-max",
                    Unit.TIME,
                    SECOND,
                    15 * MINUTE,
                    24 * HOUR,
                    "Time without a call, then it is closed");
    static final Limit AGE_MAX =
            new Limit(
                    "connection-age-max",
                    Unit.TIME,
                    SECOND,
                    HOUR,
                    168 * HOUR,
                    "Its age, then it takes no new calls and callers open another");
    static final Limit AGE_GRACE =
            new Limit(
                    "connection-age-grace",
                    Unit.TIME,
                    SECOND,
                    10 * MINUTE,
                    24 * HOUR,
                    "Time that its running calls then have left");
    static final Limit KEEPALIVE_INTERVAL_MIN =
            new Limit(
                    "keepalive-interval-min",
                    Unit.TIME,
                    SECOND,
                    10 * SECOND,
                    HOUR,
                    "Time between two pings of a caller; one that pings more often is cut off");
    static final Limit KEEPALIVE_INTERVAL =
            new Limit(
                    "keepalive-interval",
                    Unit.TIME,
                    SECOND,
                    30 * SECOND,
                    2 * HOUR,
                    "Time of silence, then the server pings the caller");
    static final Limit KEEPALIVE_TIME_MAX =
            new Limit(
                    "keepalive-time-max",
                    Unit.TIME,
                    SECOND,
                    20 * SECOND,
                    10 * MINUTE,
                    "Time for the answer to that ping, then it is closed");
    static final Limit RESETS_MAX =
            new Limit(
                    "connection-resets-max",
                    Unit.COUNT,
                    1,
                    500,
                    1_000_000,
                    "Calls that a caller may cancel within the window, then it is closed");
    static final Limit RESETS_WINDOW =
            new Limit(
                    "connection-resets-window",
                    Unit.TIME,
                    SECOND,
                    10 * SECOND,
                    HOUR,
                    "The window, in whole seconds");
    static final Section SECTION =
            new Section(
                    "A caller's connection",
                    CALLS_MAX,
                    HEADER_BYTES_MAX,
                    HANDSHAKE_TIME_MAX,
                    IDLE_MAX,
                    AGE_MAX,
                    AGE_GRACE,
                    KEEPALIVE_INTERVAL_MIN,
                    KEEPALIVE_INTERVAL,
                    KEEPALIVE_TIME_MAX,
                    RESETS_MAX,
                    RESETS_WINDOW);

    static ConnectionLimits of(Values values) {
        return new ConnectionLimits(
                values.count(CALLS_MAX),
                values.count(HEADER_BYTES_MAX),
                values.time(HANDSHAKE_TIME_MAX),
                values.time(IDLE_MAX),
                values.time(AGE_MAX),
                values.time(AGE_GRACE),
                values.time(KEEPALIVE_INTERVAL_MIN),
                values.time(KEEPALIVE_INTERVAL),
                values.time(KEEPALIVE_TIME_MAX),
                values.count(RESETS_MAX),
                values.time(RESETS_WINDOW));
    }
}
