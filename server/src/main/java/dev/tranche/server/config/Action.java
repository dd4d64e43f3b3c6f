package dev.tranche.server.config;

/**
 * What a command does once its settings are known.
 *
 * @param <C> its settings
 */
@FunctionalInterface
public interface Action<C> {

    /**
     * Runs until the command is done.
     *
     * @throws Exception if it could not be done; what is said about it is the caller's decision
     */
    void run(C config) throws Exception;
}
