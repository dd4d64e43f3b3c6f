package dev.tranche.demo;

import dev.tranche.server.config.ServeConfig;

/** A server that was started for the demo, and ends with it. */
public interface DemoServer extends AutoCloseable {

    /** Starts servers. */
    @FunctionalInterface
    interface Starter {
        /**
         * Returns when the server is ready for calls.
         *
         * @throws Exception if it could not be started; the message is for people
         */
        DemoServer start(ServeConfig config) throws Exception;
    }

    /** The port on 127.0.0.1 where it listens without TLS. */
    int port();

    /**
     * Waits as long as the server serves.
     *
     * @throws InterruptedException if this thread is to stop waiting
     * @throws Exception if the server cannot go on; the message is for people
     */
    void awaitEnd() throws Exception;

    /** Stops it and its database in good order. */
    @Override
    void close();
}
