package dev.tranche.server.config;

import dev.tranche.server.config.Setting.Limit;
import java.time.Duration;

/**
 * Connections to the database.
 *
 * @param connectionsMax open at once, at least 2
 * @param connectionWaitMax how long a call waits for a free one
 * @param connectTimeMax how long opening one may take
 */
public record PoolLimits(int connectionsMax, Duration connectionWaitMax, Duration connectTimeMax) {
    static final Limit CONNECTIONS_MAX =
            new Limit(
                    "db-connections-max", Unit.COUNT, 2, 10, 1_000, "Connections to the database");
    static final Limit CONNECTION_WAIT_MAX =
            new Limit(
                    "db-connection-wait-max",
                    Unit.TIME,
                    250,
                    3_000,
                    60_000,
                    "How long a call waits for a free connection");
    static final Limit CONNECT_TIME_MAX =
            new Limit(
                    "db-connect-time-max",
                    Unit.TIME,
                    250,
                    5_000,
                    60_000,
                    "How long opening a connection may take");

    static PoolLimits of(Values values) {
        return new PoolLimits(
                values.count(CONNECTIONS_MAX),
                values.time(CONNECTION_WAIT_MAX),
                values.time(CONNECT_TIME_MAX));
    }
}
