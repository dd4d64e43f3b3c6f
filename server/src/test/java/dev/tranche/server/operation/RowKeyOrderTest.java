package dev.tranche.server.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.operation.Needs.Need;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.schema.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Locks are taken in one order, everywhere the same. */
class RowKeyOrderTest {

    @Test
    void ordersIdsByTheirUtf8BytesAsTheDatabaseDoes() {
        List<String> ids = List.of("", "a", "a ", "A", "é", "\ue000", "\uffee", "😀", "😀a", "𐀀");
        List<String> byBytes =
                ids.stream()
                        .sorted(
                                Comparator.comparing(
                                        id -> id.getBytes(StandardCharsets.UTF_8),
                                        Arrays::compareUnsigned))
                        .toList();
        List<String> byKey =
                ids.stream().map(id -> new RecordKey(1, id)).sorted().map(RecordKey::id).toList();
        assertThat(byKey).isEqualTo(byBytes);
    }

    @Test
    void ordersTablesBeforeKeys() {
        RowKey<?> collection = new CollectionKey("z");
        RowKey<?> record = new RecordKey(2, "a");
        RowKey<?> unique = new UniqueKey(1, 1, new KeyHash(0, 0));
        List<RowKey<?>> sorted = Stream.<RowKey<?>>of(unique, record, collection).sorted().toList();
        assertThat(sorted).isEqualTo(List.of(collection, record, unique));
    }

    @Test
    void theStrongerLockCounts() {
        Needs needs = new Needs();
        needs.add(new RecordKey(1, "a"), LockMode.EXCLUSIVE);
        needs.add(new RecordKey(1, "a"), LockMode.SHARED);
        assertThat(needs.inOrder())
                .containsExactly(new Need(new RecordKey(1, "a"), LockMode.EXCLUSIVE, null));
    }
}
