package dev.tranche.server.store;

import dev.tranche.server.engine.RelationshipReader;
import dev.tranche.server.operation.Resource.OfRelationship;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Relationships, read outside of batches. */
final class StoredRelationships implements RelationshipReader {
    private final ShortTransactions transactions;

    StoredRelationships(ShortTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<OfRelationship> list(
            Ends ends, @Nullable Position after, int limit, long bytesMax) {
        return transactions
                .read(session ->
                        session.read(() ->
                                session.mapper(RelationshipMapper.class)
                                        .list(ends, after, limit, bytesMax)))
                .stream()
                .map(ListedRelationshipLine::relationship)
                .toList();
    }
}
