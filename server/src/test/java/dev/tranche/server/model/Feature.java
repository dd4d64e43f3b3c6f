package dev.tranche.server.model;

/** What generated batches can make use of. */
enum Feature {
    /** if_match and if_none_match, and collections that demand the first. */
    PRECONDITIONS,
    /** Groups in batches that continue. */
    GROUPS,
    /** Batches that stop at the first failure. */
    STOP,
    /** Dry runs. */
    VALIDATE_ONLY,
    /** Results with what each operation left. */
    FULL,
    /** References to more than ids. */
    VALUES,
    /** References of collections to others. */
    POINTERS,
    /** Records named by the values of a unique constraint. */
    BY_CONSTRAINT
}
