package dev.tranche.server.engine;

import org.jspecify.annotations.Nullable;

/** Concurrent work got in the way; the transaction is gone and can be run again from the start. */
public final class Conflict extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Conflict(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
