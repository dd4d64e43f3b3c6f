package dev.tranche.server.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements on the table {@code batch_result}. */
interface BatchResultMapper {

    void insert(ResultLine line);

    void deleteAll(String batchId);

    /** The rows that hold results of these indexes, oldest attempt first. */
    List<ResultLine> find(String batchId, int from, int to);

    /** 1 if there is such a row. */
    @Nullable Integer exists(String batchId, int attempt, int firstIndex);
}
