package dev.tranche.server.engine;

/** The connection broke at COMMIT: only the database knows whether the transaction stands. */
public final class CommitUnknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CommitUnknown(Throwable cause) {
        super("the connection broke at COMMIT", cause);
    }
}
