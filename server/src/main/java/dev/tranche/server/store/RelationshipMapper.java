package dev.tranche.server.store;

import dev.tranche.server.engine.RelationshipReader;
import dev.tranche.server.engine.RelationshipReader.Ends;
import dev.tranche.server.engine.RelationshipReader.Position;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import java.util.List;
import org.apache.ibatis.session.ResultHandler;
import org.jspecify.annotations.Nullable;

/** Statements on the table {@code relationship}. */
interface RelationshipMapper {

    /**
     * Reads relationships, and locks them in the order of their keys.
     *
     * @param keys at most 250
     */
    void lock(List<RelationshipKey> keys, LockClause lock, ResultHandler<RelationshipLine> rows);

    /**
     * The keys of the relationships that start or end at records of one collection, without locks.
     *
     * @param ids at most 250
     * @param limit at most this many that start there, and as many that end there
     */
    List<RelationshipLine.Key> linkedTo(long collectionId, Literals ids, int limit);

    /** As {@link RelationshipReader#list} says. */
    List<ListedRelationshipLine> list(
            Ends ends, @Nullable Position after, int limit, long bytesMax);

    void insert(Bulk<RelationshipLine> lines);

    void update(RelationshipLine line, long versionBefore);

    void delete(Bulk<RelationshipLine> lines);
}
