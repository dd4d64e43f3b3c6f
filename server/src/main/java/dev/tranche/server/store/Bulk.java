package dev.tranche.server.store;

import java.util.List;
import java.util.function.Function;

/**
 * The lines that one statement is sent for at once. To MyBatis they are a single parameter, so that
 * it takes its time once, and not for every row; {@link BulkParameters} binds them.
 *
 * @param <L> a record with a component for each parameter of the statement
 */
interface Bulk<L> {

    /** How many lines there are; at least 1. */
    int size();

    /** The line at a position, made when it is asked for. */
    L line(int position);

    /** The lines of some rows. */
    static <R, L> Bulk<L> of(List<R> rows, Function<? super R, ? extends L> line) {
        return new Bulk<>() {
            @Override
            public int size() {
                return rows.size();
            }

            @Override
            public L line(int position) {
                return line.apply(rows.get(position));
            }
        };
    }
}
