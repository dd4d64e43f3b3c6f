package dev.tranche.server.engine;

/** A lock is needed that should have been taken earlier; the next run takes all it knows of first. */
final class LocksOutOfOrder extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LocksOutOfOrder() {
        super("a lock is needed that should have been taken earlier", null, false, false);
    }
}
