package dev.tranche.server.operation;

import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.CollectionReference;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.UniqueConstraint;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows that operations read and write, as values. */
public final class Rows {
    private Rows() {}

    /**
     * When something happened, and who did it.
     *
     * @param at UTC, in microseconds
     * @param by the actor's id
     */
    public record Stamp(Instant at, String by) {}

    /**
     * A live workspace.
     *
     * @param id surrogate, never used again
     */
    public record WorkspaceRow(long id, String name, WorkspaceStage stage, Stamp created) {}

    /**
     * A live collection.
     *
     * @param id surrogate, never used again
     * @param constraints the definition's, each with its number
     * @param references the definition's, each with its number
     * @param numberLast the highest number that any constraint or reference of this collection ever
     *     had; 0 if none
     * @param version from 1
     */
    public record CollectionRow(
            long id,
            String name,
            CollectionDefinition definition,
            List<UniqueConstraint> constraints,
            List<CollectionReference> references,
            int numberLast,
            long version,
            Stamp created,
            Stamp updated) {}

    /**
     * A record, alive or soft-deleted.
     *
     * @param version from 1; goes on counting over delete and revival
     * @param life drawn when the id was created
     * @param keys the unique keys it holds; none when deleted
     * @param constraintsIgnored whether a retry took it in past its constraints
     * @param deletedAt null while it lives
     */
    public record RecordRow(
            RecordKey key,
            Json data,
            long version,
            long life,
            List<UniqueKey> keys,
            boolean constraintsIgnored,
            Stamp created,
            Stamp updated,
            @Nullable Instant deletedAt) {

        /** Whether it is not deleted. */
        public boolean lives() {
            return deletedAt == null;
        }

        /** Identifies this state of this life of the record. */
        public String etag() {
            return Etag.of(key, life, version);
        }
    }

    /**
     * A link between two records.
     *
     * @param version from 1
     */
    public record RelationshipRow(
            RelationshipKey key, @Nullable Json data, long version, Stamp created, Stamp updated) {}

    /**
     * The records that point at one.
     *
     * @param ids of the records, as far as they were looked up
     * @param all whether there are no more
     */
    public record Referrers(List<String> ids, boolean all) {}

    /**
     * The relationships at a record.
     *
     * @param rows all of them; empty if they are more than may be read
     * @param all whether they are not
     */
    public record Links(List<RelationshipRow> rows, boolean all) {}

    /**
     * The live records of a collection, for a change of its definition.
     *
     * @param count how many there are, counted no further than one past the limit
     * @param bytes UTF-8 bytes of their JSON text, of those counted
     * @param rows all of them; empty if they are more than the limits allow
     */
    public record Scan(long count, long bytes, List<RecordRow> rows) {}
}
