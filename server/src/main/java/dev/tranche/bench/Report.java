package dev.tranche.bench;

import java.util.List;
import java.util.OptionalLong;

/**
 * All that was measured.
 *
 * @param rounds that count
 * @param database version of MariaDB
 * @param embedded whether the database was started for this
 * @param load average of the machine over a minute, before and after, in processes that want to run;
 *     negative where the platform does not say
 * @param heapBytes of objects that lived in the server at the end
 */
record Report(
        boolean quick,
        int rounds,
        String database,
        boolean embedded,
        List<Double> load,
        List<RowResult> rows,
        OptionalLong heapBytes) {
    Report {
        load = List.copyOf(load);
        rows = List.copyOf(rows);
    }
}
