package dev.tranche.server.operation;

import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Links;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.Referrers;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.Scan;
import dev.tranche.server.schema.KeyHash;
import java.util.Comparator;
import java.util.Set;

/**
 * Names something the working set can know. Keys have one total order, in which locks are taken: by
 * table as declared here, inside a table by key, texts by their UTF-8 bytes.
 *
 * @param <R> what is known about it
 */
public sealed interface RowKey<R> extends Comparable<RowKey<?>> {

    /** That of the records' table. */
    int RECORD_RANK = 3;

    /** Position of its table in the total order of locks, from 0. */
    int rank();

    /** The live collection of this name in the workspace at hand. */
    record CollectionKey(String name) implements RowKey<CollectionRow> {
        @Override
        public int rank() {
            return 0;
        }
    }

    /** The live collections with references to one. Changes only under its exclusive lock. */
    record InboundKey(long collection) implements RowKey<Set<String>> {
        @Override
        public int rank() {
            return 1;
        }
    }

    /** All live records of a collection, read when its definition changes; takes no row locks. */
    record ScanKey(long collection) implements RowKey<Scan> {
        @Override
        public int rank() {
            return 2;
        }
    }

    /** A record, alive or soft-deleted. */
    record RecordKey(long collection, String id) implements RowKey<RecordRow> {
        @Override
        public int rank() {
            return RECORD_RANK;
        }
    }

    /** The values of one unique constraint; what is known is the id of the record holding them. */
    record UniqueKey(long collection, int constraint, KeyHash hash) implements RowKey<String> {
        @Override
        public int hashCode() {
            return hash.hashCode();
        }

        @Override
        public int rank() {
            return 4;
        }
    }

    /** What a record points at through a reference of its collection. */
    record ReferenceKey(RecordKey source, int reference) implements RowKey<RecordKey> {
        @Override
        public int rank() {
            return 5;
        }
    }

    /** The records that point at one through a reference of theirs; takes no row locks. */
    record ReferrersKey(RecordKey target, long collection, int reference)
            implements RowKey<Referrers> {
        @Override
        public int rank() {
            return 6;
        }
    }

    /** All relationships that start or end at a record. */
    record LinksKey(RecordKey end) implements RowKey<Links> {
        @Override
        public int rank() {
            return 7;
        }
    }

    /** One relationship. */
    record RelationshipKey(RecordKey source, String type, RecordKey target)
            implements RowKey<RelationshipRow> {
        @Override
        public int rank() {
            return 8;
        }
    }

    @Override
    default int compareTo(RowKey<?> other) {
        int byRank = Integer.compare(rank(), other.rank());
        return byRank != 0 ? byRank : RowOrder.withinTable(this, other);
    }

    /** Compares keys of one table. */
    final class RowOrder {
        private static final Comparator<RecordKey> RECORDS = RowOrder::compareRecords;
        private static final Comparator<ReferenceKey> REFERENCES =
                Comparator.comparing(ReferenceKey::source, RECORDS)
                        .thenComparingInt(ReferenceKey::reference);
        private static final Comparator<ReferrersKey> REFERRERS =
                Comparator.comparingLong(ReferrersKey::collection)
                        .thenComparingInt(ReferrersKey::reference)
                        .thenComparing(ReferrersKey::target, RECORDS);
        private static final Comparator<RelationshipKey> RELATIONSHIPS =
                Comparator.comparing(RelationshipKey::source, RECORDS)
                        .thenComparing(RelationshipKey::type)
                        .thenComparing(RelationshipKey::target, RECORDS);

        private RowOrder() {}

        private static int withinTable(RowKey<?> one, RowKey<?> other) {
            return switch (one) {
                case CollectionKey key -> byUtf8(key.name(), ((CollectionKey) other).name());
                case InboundKey key ->
                        Long.compare(key.collection(), ((InboundKey) other).collection());
                case ScanKey key -> Long.compare(key.collection(), ((ScanKey) other).collection());
                case RecordKey key -> RECORDS.compare(key, (RecordKey) other);
                case UniqueKey key -> compareKeys(key, (UniqueKey) other);
                case ReferenceKey key -> REFERENCES.compare(key, (ReferenceKey) other);
                case ReferrersKey key -> REFERRERS.compare(key, (ReferrersKey) other);
                case LinksKey key -> RECORDS.compare(key.end(), ((LinksKey) other).end());
                case RelationshipKey key -> RELATIONSHIPS.compare(key, (RelationshipKey) other);
            };
        }

        private static int compareRecords(RecordKey one, RecordKey other) {
            int byCollection = Long.compare(one.collection(), other.collection());
            return byCollection != 0 ? byCollection : byUtf8(one.id(), other.id());
        }

        private static int compareKeys(UniqueKey one, UniqueKey other) {
            int byCollection = Long.compare(one.collection(), other.collection());
            if (byCollection != 0) {
                return byCollection;
            }
            int byConstraint = Integer.compare(one.constraint(), other.constraint());
            return byConstraint != 0 ? byConstraint : one.hash().compareTo(other.hash());
        }

        /** UTF-8 bytes sort like code points, UTF-16 units do not: surrogates come last in UTF-8. */
        private static int byUtf8(String one, String other) {
            int shared = Math.min(one.length(), other.length());
            for (int i = 0; i < shared; i++) {
                char a = one.charAt(i);
                char b = other.charAt(i);
                if (a != b) {
                    boolean surrogateA = Character.isSurrogate(a);
                    return surrogateA == Character.isSurrogate(b)
                            ? Character.compare(a, b)
                            : Boolean.compare(surrogateA, !surrogateA);
                }
            }
            return Integer.compare(one.length(), other.length());
        }
    }
}
