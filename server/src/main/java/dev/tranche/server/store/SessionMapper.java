package dev.tranche.server.store;

import java.time.LocalDateTime;

/** What a transaction tells its connection. */
interface SessionMapper {

    /** Lets the next transaction read what was committed when it began, and nothing later. */
    void isolate();

    /** Begins a transaction that only reads, from now on. */
    void beginSnapshot();

    /** Names what new rows have in common, so that it is not sent with each of them. */
    void stamp(LocalDateTime at, String by);
}
