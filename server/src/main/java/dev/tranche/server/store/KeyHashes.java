package dev.tranche.server.store;

import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.schema.KeyHash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The unique keys a record holds, in its own row: 2 bytes of constraint number and 16 of hash each. */
final class KeyHashes {
    private static final int ENTRY_BYTES = Short.BYTES + KeyHash.BYTES;

    private KeyHashes() {}

    static byte[] pack(List<UniqueKey> keys) {
        ByteBuffer packed = ByteBuffer.allocate(keys.size() * ENTRY_BYTES);
        for (UniqueKey key : keys) {
            packed.putShort((short) key.constraint()).put(key.hash().toBytes());
        }
        return packed.array();
    }

    static List<UniqueKey> unpack(long collection, byte[] packed) {
        if (packed.length % ENTRY_BYTES != 0) {
            throw new IllegalStateException(packed.length + " bytes of key hashes are stored");
        }
        List<UniqueKey> keys = new ArrayList<>(packed.length / ENTRY_BYTES);
        ByteBuffer buffer = ByteBuffer.wrap(packed);
        for (int at = 0; at < packed.length; at += ENTRY_BYTES) {
            KeyHash hash = KeyHash.ofBytes(packed, at + Short.BYTES);
            keys.add(new UniqueKey(collection, Short.toUnsignedInt(buffer.getShort(at)), hash));
        }
        return keys;
    }
}
