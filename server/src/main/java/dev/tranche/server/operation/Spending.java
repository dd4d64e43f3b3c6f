package dev.tranche.server.operation;

/** What the operations of one pass have used up of what they may use together. */
final class Spending {
    private final OperationLimits limits;
    private long derivedBytes;
    private int cascaded;
    private int cascadedBeforeMark;

    Spending(OperationLimits limits) {
        this.limits = limits;
    }

    OperationLimits limits() {
        return limits;
    }

    /** Begins what may be rolled back. */
    void mark() {
        cascadedBeforeMark = cascaded;
    }

    /** What has cascaded since the mark has not. What was made since then still was. */
    void rollBackToMark() {
        cascaded = cascadedBeforeMark;
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
