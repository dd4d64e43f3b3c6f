package dev.tranche.server.store;

import dev.tranche.server.operation.RowKey.UniqueKey;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a statement looks up, as a list of SQL literals. Hexadecimal digits are all they are made of,
 * so that nothing a caller sent can be SQL; as parameters they would take MyBatis longer than the
 * database takes to find them.
 */
record Literals(String sql) {
    private static final HexFormat HEX = HexFormat.of();

    /** Of the type BINARY. */
    static Literals ofHashes(List<UniqueKey> keys) {
        return of(keys, "x'", key -> key.hash().toBytes());
    }

    /** Text that compares as the column does that it is compared with. */
    static Literals ofIds(List<String> ids) {
        return of(ids, "_utf8mb4 x'", id -> id.getBytes(StandardCharsets.UTF_8));
    }

    private static <K> Literals of(List<K> keys, String begin, Function<K, byte[]> bytes) {
        return new Literals(
                keys.stream()
                        .map(key -> begin + HEX.formatHex(bytes.apply(key)) + "'")
                        .collect(Collectors.joining(",")));
    }
}
