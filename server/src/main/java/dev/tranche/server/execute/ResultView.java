package dev.tranche.server.execute;

/** How much the results of a batch hold. */
public enum ResultView {
    /** Ids, versions and etags, and what was read. */
    BASIC,
    /** Also what each operation left. */
    FULL
}
