package dev.tranche.server.transport;

/**
 * Answers one kind of call whose caller streams, as {@link Handler} does others.
 *
 * @param <Q> a message of the caller
 * @param <R> the messages of the reply
 */
@FunctionalInterface
interface StreamHandler<Q, R> {
    void handle(Requests<Q> requests, Replies<R> replies);
}
