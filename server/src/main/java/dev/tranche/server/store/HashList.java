package dev.tranche.server.store;

import dev.tranche.server.operation.RowKey.UniqueKey;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Hashes of unique keys as a list of SQL literals. Hexadecimal digits are all it is made of, so that
 * nothing a caller sent can be part of it; as parameters they would take MyBatis longer than the
 * database takes to find them.
 */
record HashList(String sql) {

    static HashList of(List<UniqueKey> keys) {
        HexFormat hex = HexFormat.of();
        return new HashList(
                keys.stream()
                        .map(key -> "x'" + hex.formatHex(key.hash().toBytes()) + "'")
                        .collect(Collectors.joining(",")));
    }
}
