package dev.tranche.server.store;

import java.util.List;
import org.apache.ibatis.session.ResultHandler;

/** Statements on the table {@code batch_failure}. */
interface BatchFailureMapper {

    void insert(Bulk<FailureLine> lines);

    /**
     * Forgets what is kept.
     *
     * @param indexes at most 250
     */
    void delete(String batchId, List<Integer> indexes);

    /** Every failed index, ascending. */
    List<Integer> indexes(String batchId);

    /** UTF-8 bytes of all payloads of a batch. */
    long bytes(String batchId);

    /**
     * UTF-8 bytes of some payloads of a batch.
     *
     * @param indexes at most 250
     */
    long bytesOf(String batchId, List<Integer> indexes);

    /**
     * What is kept, ascending by index.
     *
     * @param indexes at most 250
     * @param keptMicros after so long a payload has expired
     */
    void find(
            String batchId,
            List<Integer> indexes,
            long keptMicros,
            ResultHandler<FailureLine> rows);
}
