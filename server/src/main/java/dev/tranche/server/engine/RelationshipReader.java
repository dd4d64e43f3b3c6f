package dev.tranche.server.engine;

import dev.tranche.server.operation.Resource.OfRelationship;
import dev.tranche.server.operation.RowKey.RecordKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Port: relationships outside a batch. Every method is a short transaction of its own that locks
 * nothing, and may throw {@link dev.tranche.server.operation.CallFailure} DATABASE_UNAVAILABLE.
 */
public interface RelationshipReader {

    /**
     * Relationships between records of live collections, in the order of their types (UTF-8 bytes),
     * then of the other end: by its collection's surrogate id, then by its record id (UTF-8 bytes).
     *
     * @param after only those after this one; null for all
     * @param limit at most this many
     * @param bytesMax stops before the relationship whose JSON text makes the UTF-8 bytes together
     *     exceed this, but answers at least one
     */
    List<OfRelationship> list(Ends ends, @Nullable Position after, int limit, long bytesMax);

    /**
     * Which relationships are meant. One of the ends is given; the other end is the target, unless
     * only the target is given.
     *
     * @param source where they start; null for anywhere
     * @param target where they lead; null for anywhere
     * @param type null for any
     */
    record Ends(@Nullable RecordKey source, @Nullable RecordKey target, @Nullable String type) {}

    /**
     * A place in the order.
     *
     * @param other the other end
     */
    record Position(String type, RecordKey other) {}
}
