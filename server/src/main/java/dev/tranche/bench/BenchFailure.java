package dev.tranche.bench;

/** The bench has no database or no server to measure. The message is for whoever runs it. */
public final class BenchFailure extends Exception {
    private static final long serialVersionUID = 1;

    BenchFailure(String message) {
        super(message);
    }

    BenchFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
