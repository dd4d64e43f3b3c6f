package dev.tranche.server.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.ibatis.session.ResultContext;
import org.apache.ibatis.session.ResultHandler;

/**
 * Takes rows as they come out of the database, until they are too many bytes.
 *
 * @param <L> a row, column by column
 * @param <R> the row as a value
 */
final class BoundedRows<L, R> implements ResultHandler<L> {
    private final Function<L, R> value;
    private final ToLongFunction<R> size;
    private final long bytesMax;
    private final List<R> rows = new ArrayList<>();
    private long bytes;

    /**
     * @param size of a row, in UTF-8 bytes of JSON text
     */
    BoundedRows(Function<L, R> value, ToLongFunction<R> size, long bytesMax) {
        this.value = value;
        this.size = size;
        this.bytesMax = bytesMax;
    }

    @Override
    public void handleResult(ResultContext<? extends L> context) {
        R row = value.apply(context.getResultObject());
        rows.add(row);
        bytes += size.applyAsLong(row);
        if (bytes > bytesMax) {
            context.stop();
        }
    }

    List<R> rows() {
        return rows;
    }

    /** UTF-8 bytes of JSON text, the row that was too much included. */
    long bytes() {
        return bytes;
    }

    boolean isComplete() {
        return bytes <= bytesMax;
    }
}
