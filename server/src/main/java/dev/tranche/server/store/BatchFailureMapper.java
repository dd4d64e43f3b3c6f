package dev.tranche.server.store;

import java.util.List;
import org.apache.ibatis.session.ResultHandler;

/** Statements on the table {@code batch_failure}. */
interface BatchFailureMapper {

    void insert(FailureLine line);

    /**
     * Forgets what is kept.
     *
     * @param indexes at most 250
     */
    void delete(String batchId, List<Integer> indexes);

    /** Every failed index, ascending. */
    List<Integer> indexes(String batchId);

    /**
     * What is kept, ascending by index.
     *
     * @param indexes at most 250
     */
    void find(String batchId, List<Integer> indexes, ResultHandler<FailureLine> rows);
}
