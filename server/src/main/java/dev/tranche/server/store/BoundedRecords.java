package dev.tranche.server.store;

import dev.tranche.server.operation.Rows.RecordRow;
import java.util.ArrayList;
import java.util.List;
import org.apache.ibatis.session.ResultContext;
import org.apache.ibatis.session.ResultHandler;

/** Takes records as they come out of the database, until they are too many bytes. */
final class BoundedRecords implements ResultHandler<RecordLine> {
    private final long bytesMax;
    private final List<RecordRow> rows = new ArrayList<>();
    private long bytes;

    BoundedRecords(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    @Override
    public void handleResult(ResultContext<? extends RecordLine> context) {
        RecordRow row = context.getResultObject().row();
        rows.add(row);
        bytes += row.data().sizeBytes();
        if (bytes > bytesMax) {
            context.stop();
        }
    }

    List<RecordRow> rows() {
        return rows;
    }

    /** UTF-8 bytes of JSON text, the record that was too much included. */
    long bytes() {
        return bytes;
    }

    boolean isComplete() {
        return bytes <= bytesMax;
    }
}
