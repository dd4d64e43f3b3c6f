package dev.tranche.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.google.protobuf.Value;
import dev.tranche.bench.Change.Kind;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What the contenders are given to do. */
class WorkloadTest {
    @ParameterizedTest
    @ValueSource(ints = {Product.BYTES, Product.LARGE_BYTES})
    void makesRecordsOfExactlySoManyBytes(int bytes) {
        for (int number : new int[] {0, 7, 999_999, 999_999_999}) {
            assertThat(Product.json(number, bytes)).hasSize(bytes).contains(Product.sku(number));
        }
    }

    @Test
    void saysTheSameAsStructAndAsText() {
        JsonNode json = new ObjectMapper().readTree(Product.json(123, Product.BYTES));
        var fields = Product.struct(123, Product.BYTES).getFieldsMap();
        assertThat(json.propertyNames()).containsExactlyElementsOf(fields.keySet()).hasSize(10);
        fields.forEach((name, value) -> assertThat(text(value)).isEqualTo(text(json.get(name))));
    }

    @Test
    void clashesEvenly() {
        Load load = new Load("c", 1, 100, Product.BYTES, false, 10, 10);
        List<String> keys = load.items(0).stream().map(Loader.Item::key).toList();
        assertThat(keys).doesNotHaveDuplicates();
        assertThat(keys.stream().filter(key -> key.startsWith("P-9"))).hasSize(10);
        assertThat(keys.get(9)).isEqualTo("P-900000000");
        assertThat(keys.get(99)).isEqualTo("P-900000009");
    }

    @Test
    void mixesOperationsAndTouchesNoRecordTwiceInABatch() {
        List<List<Change>> batches = Plan.of(1, 20, 1_000).batches();
        assertThat(batches).hasSize(20);
        for (List<Change> changes : batches) {
            assertThat(changes).extracting(Change::id).doesNotHaveDuplicates();
            assertThat(
                            changes.stream()
                                    .collect(
                                            Collectors.groupingBy(
                                                    Change::kind, Collectors.counting())))
                    .containsOnly(
                            entry(Kind.CREATE, 400L),
                            entry(Kind.UPSERT, 300L),
                            entry(Kind.UPDATE, 200L),
                            entry(Kind.DELETE, 100L));
        }
    }

    private static String text(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case NUMBER_VALUE -> Double.toString(value.getNumberValue());
            case NULL_VALUE, STRUCT_VALUE, LIST_VALUE, KIND_NOT_SET -> value.toString();
        };
    }

    private static String text(JsonNode node) {
        return node.isNumber() ? Double.toString(node.doubleValue()) : node.asString();
    }
}
