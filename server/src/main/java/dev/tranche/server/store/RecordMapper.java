package dev.tranche.server.store;

import java.util.List;
import org.apache.ibatis.session.ResultHandler;

/** Statements on the table {@code record}. */
interface RecordMapper {

    /**
     * Reads records, and locks them in the order of their ids.
     *
     * @param ids at most 250
     */
    void lock(long collectionId, Literals ids, LockClause lock, ResultHandler<RecordLine> rows);

    /** Counts live records and their bytes, no further than a number of them. */
    RecordLoader.Weight weigh(long collectionId, long limit);

    /** All live records. */
    void live(long collectionId, ResultHandler<RecordLine> rows);

    /**
     * Reads records without locks.
     *
     * @param ids at most 250
     */
    void find(long collectionId, Literals ids, ResultHandler<RecordLine> rows);

    /** Records after an id, in the order of their ids, no more bytes than allowed but at least one. */
    List<RecordLine> list(
            long collectionId, String after, boolean deletedToo, int limit, long bytesMax);

    /** A live record of version 1 that was created as the session's stamp says. */
    void insertNew(Bulk<RecordLine> lines);

    /** A record in whatever state. */
    void insert(Bulk<RecordLine> lines);

    /** A live record that is changed, or deleted, when and by whom the session's stamp says. */
    void change(Bulk<ChangedRecordLine> lines);

    /** A record that comes to whatever state. */
    void update(RecordLine line, long versionBefore);
}
