package dev.tranche.server.store;

import java.util.List;
import java.util.stream.Stream;

/**
 * How the last command of a bulk insert went that leaves out rows whose key is taken: the driver says
 * how many rows it inserted, but not which.
 *
 * @param inserted rows that went in
 * @param leftOut positions of rows that it was warned of, from 1, with commas between; empty if of none
 */
record OfferAnswer(long inserted, String leftOut) {

    /**
     * Those that were left out.
     *
     * @param rows that the insert was told
     * @return all of them if this answer does not cover each: the database keeps so many warnings, and
     *     the driver may need several commands
     */
    <R> List<R> leftOut(List<R> rows) {
        List<Integer> positions =
                Stream.of(leftOut.split(","))
                        .filter(position -> !position.isEmpty())
                        .map(Integer::valueOf)
                        .distinct()
                        .filter(position -> position >= 1 && position <= rows.size())
                        .toList();
        return inserted + positions.size() == rows.size()
                ? positions.stream().map(position -> rows.get(position - 1)).toList()
                : rows;
    }
}
