package dev.tranche.server.store;

import java.time.Duration;

/**
 * Where the database is, and how much of it is used.
 *
 * @param url {@code jdbc:mariadb://host:port/database}; options in it win over the server's own
 * @param password empty if there is none
 * @param connectionsMax connections of the pool, at least 1; each transaction holds one. One more is
 *     kept for health
 * @param transactionTime for one transaction, reruns included: nobody waits longer for a connection
 */
public record DatabaseSettings(
        String url, String user, String password, int connectionsMax, Duration transactionTime) {

    /** What a server with two cores and 256 MB of heap makes use of. */
    public static final int CONNECTIONS_DEFAULT = 10;

    /** The pool waits no shorter than this for a connection. */
    static final Duration CONNECTION_WAIT_MIN = Duration.ofMillis(250);

    public DatabaseSettings {
        if (connectionsMax < 1) {
            throw new IllegalArgumentException(
                    "connectionsMax: " + connectionsMax + " given, at least 1 allowed");
        }
    }

    @Override
    public String toString() {
        return "DatabaseSettings[url=" + url + ", user=" + user + "]";
    }
}
