package dev.tranche.db;

import org.jspecify.annotations.Nullable;

/**
 * There is no database to work with. The message is for the operator: what was found, and what to
 * do about it. Thrown while a server starts, never later.
 */
public final class DatabaseUnusableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DatabaseUnusableException(String message) {
        this(message, null);
    }

    DatabaseUnusableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
