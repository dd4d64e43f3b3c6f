package dev.tranche.server.store;

import dev.tranche.server.operation.Changes.HeldKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.schema.KeyHash;

/** A row of the table {@code record_key}, column by column. */
@SuppressWarnings(
        "ArrayRecordComponent") // never compared: it only crosses between row and statement
record KeyLine(long collectionId, int constraintNo, byte[] keyHash, String recordId) {
    /** About what one takes in a packet, beside its values. */
    static final long BYTES = 256;

    static KeyLine of(HeldKey held) {
        UniqueKey key = held.key();
        return new KeyLine(
                key.collection(), key.constraint(), key.hash().toBytes(), held.recordId());
    }

    HeldKey held() {
        KeyHash hash = KeyHash.ofBytes(keyHash, 0);
        return new HeldKey(new UniqueKey(collectionId, constraintNo, hash), recordId);
    }
}
