package dev.tranche.server;

/** The server could not start, or cannot go on. The message is for its operator. */
public final class ServerFailure extends Exception {
    private static final long serialVersionUID = 1L;

    ServerFailure(String message) {
        super(message);
    }

    ServerFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
