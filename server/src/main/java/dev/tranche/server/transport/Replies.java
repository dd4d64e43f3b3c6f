package dev.tranche.server.transport;

import dev.tranche.server.engine.Call;
import dev.tranche.server.operation.CallFailure;

/**
 * Where a handler sends its replies.
 *
 * @param <R> the message
 */
interface Replies<R> {

    /** Who asks, and for how long. */
    Call call();

    /** Names the batch that the call is about, in a header; before the first message. */
    void batch(String batchId);

    /**
     * Sends a message. Waits, holding at most this one, while the caller takes nothing.
     *
     * @throws CallFailure RESPONSE_TOO_LARGE; if the caller has gone away, or has taken nothing for
     *     too long
     */
    void send(R message);

    /** Sends a small message if it can leave at once; else the caller has enough to take. */
    void sendIfReady(R message);
}
