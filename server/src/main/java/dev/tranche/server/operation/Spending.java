package dev.tranche.server.operation;

/** What the operations of one pass have used up of what they may use together. */
final class Spending {
    private final OperationLimits limits;
    private long derivedBytes;
    private int cascaded;

    Spending(OperationLimits limits) {
        this.limits = limits;
    }

    OperationLimits limits() {
        return limits;
    }

    /** Counts JSON text that a merge or a reference made; false if that is too much. */
    boolean derive(int bytes) {
        derivedBytes += bytes;
        return derivedBytes <= limits.derivedBytesMax();
    }

    /** Counts records that are deleted by cascade; false, and not counted, if that is too many. */
    boolean cascade(int records) {
        boolean fits = records <= limits.cascadeRowsMax() - cascaded;
        if (fits) {
            cascaded += records;
        }
        return fits;
    }
}
