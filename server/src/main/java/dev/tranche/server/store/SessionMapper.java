package dev.tranche.server.store;

import java.math.BigDecimal;
import java.time.LocalDateTime;

/** What a transaction tells its connection. */
interface SessionMapper {

    /**
     * Limits what follows on this connection.
     *
     * @param lockWaitSeconds at least 1
     * @param idleSeconds how long a transaction may have nothing to do, then it is rolled back and
     *     the connection closed; at least 1
     */
    void limit(BigDecimal statementSeconds, long lockWaitSeconds, long idleSeconds);

    /** Lets the next transaction read what was committed when it began, and nothing later. */
    void isolate();

    /** Begins a transaction that only reads, from now on. */
    void beginSnapshot();

    /** Names what new rows have in common, so that it is not sent with each of them. */
    void stamp(LocalDateTime at, String by);
}
