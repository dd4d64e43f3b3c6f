package dev.tranche.server.transport;

/**
 * Answers one kind of call: in a straight line, blocking as it likes, on a thread of its own.
 *
 * @param <Q> the request
 * @param <R> the messages of the reply; exactly one is sent unless the call streams them
 */
@FunctionalInterface
interface Handler<Q, R> {
    void handle(Q request, Replies<R> replies);
}
