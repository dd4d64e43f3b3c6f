package dev.tranche.server.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements that remove what is past its time, whatever table it is in. They find rows by an index,
 * pass over those that others hold, and wait for nobody.
 */
interface RemainsMapper {

    /** Begins or renews the lease: finds one row unless somebody else has it. */
    void take(String holder, long leaseMicros);

    /** Locks payloads past their time. */
    List<PayloadKey> lockPayloads(long micros, int limit);

    void expire(PayloadKey key);

    /** A row of {@code batch_failure}. */
    record PayloadKey(String batchId, int itemIndex) {}

    /** Locks visible accounts past their time. */
    List<String> lockOldAccounts(long micros, int limit);

    /** Takes an account out of sight. */
    void hide(String batchId);

    /** A deleted account of which something can be removed. */
    @Nullable String deletedAccount(long requestIdMicros);

    /** Locks a deleted account: whether its results can be removed too. Null if somebody has it. */
    @Nullable Boolean lockDeletedAccount(String batchId, long requestIdMicros);

    void removeFailures(String batchId, int limit);

    void removeResults(String batchId, int limit);

    void removeAccount(String batchId);

    /** Tombstones past their time, the oldest first. */
    List<TombstoneLine> tombstones(long micros, int limit);

    /**
     * Locks records that are deleted and past their time.
     *
     * @param ids at most 250
     * @return the ids of those that nobody holds
     */
    List<String> lockRecords(long collectionId, List<String> ids, long micros);

    void removeRecord(TombstoneLine line);

    void removeTombstone(TombstoneLine line);

    /**
     * Removes where records pointed.
     *
     * @param ids at most 250
     */
    void removeReferences(long collectionId, List<String> ids);

    /** A collection past its time, or of a workspace past its time. */
    @Nullable Long deletedCollection(long micros);

    void removeKeysOf(long collectionId, int limit);

    void removeReferencesFrom(long collectionId, int limit);

    void removeReferencesTo(long collectionId, int limit);

    void removeRelationshipsFrom(long collectionId, int limit);

    void removeRelationshipsTo(long collectionId, int limit);

    void removeRecordsOf(long collectionId, int limit);

    /** Removes a collection with its constraints and references. */
    void removeCollection(long collectionId);

    /** A workspace past its time with nothing in it. */
    @Nullable Long emptyWorkspace(long micros);

    void removeWorkspace(long workspaceId);
}
