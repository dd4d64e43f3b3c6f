package dev.tranche.server.store;

import java.util.List;

/** Statements on the table {@code batch_result}. */
interface BatchResultMapper {

    void insert(ResultLine line);

    void deleteAll(String batchId);

    /** The rows that hold results of these indexes, oldest attempt first. */
    List<ResultLine> find(String batchId, int from, int to);
}
