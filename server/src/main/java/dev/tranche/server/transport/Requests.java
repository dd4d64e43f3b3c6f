package dev.tranche.server.transport;

import dev.tranche.server.operation.CallFailure;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a caller, as they come in. Few are taken ahead: one who sends faster than his
 * messages are dealt with is held back by HTTP/2. Used by one thread at a time.
 *
 * @param <Q> the message
 */
interface Requests<Q> {

    /**
     * Waits for the next message.
     *
     * @return null if the caller has said that no more will come
     * @throws CallFailure INVALID_REQUEST if it is no such message, or not a single one came;
     *     OVERLOADED; if the caller has gone away, or has sent nothing for too long
     */
    @Nullable Q next();

    /**
     * The next message if it is here already.
     *
     * @return null if it is not, or no more will come
     * @throws CallFailure INVALID_REQUEST if it is no such message
     */
    @Nullable Q nextIfHere();

    /** The oldest messages that were taken are dealt with: what they hold is given back. */
    void dealtWith(int messages);
}
