package dev.tranche.server.operation;

/** How a row is locked, weakest first. */
public enum LockMode {
    /** Others may read it too, none may change it. */
    SHARED,
    /** Nobody else may lock it. */
    EXCLUSIVE;

    /** The stronger of the two. */
    public LockMode or(LockMode other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
