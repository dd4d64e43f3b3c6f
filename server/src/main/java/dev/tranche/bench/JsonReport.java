package dev.tranche.bench;

import dev.tranche.bench.RowResult.Side;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A report as one JSON object, on one line. */
final class JsonReport {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonReport() {}

    static String of(Report report, Before before) {
        ObjectNode json = NODES.objectNode();
        json.put("quick", report.quick());
        json.put("rounds", report.rounds());
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("database", report.database());
        json.put("embedded", report.embedded());
        ArrayNode load = json.putArray("load_averages");
        report.load().forEach(load::add);
        ArrayNode rows = json.putArray("rows");
        report.rows().forEach(row -> rows.add(row(row, before)));
        if (report.heapBytes().isPresent()) {
            json.put("server_heap_bytes", report.heapBytes().getAsLong());
        } else {
            json.putNull("server_heap_bytes");
        }
        return json.toString();
    }

    private static ObjectNode row(RowResult result, Before before) {
        Row row = result.row();
        ObjectNode json = NODES.objectNode();
        json.put("group", row.group().text());
        json.put("name", row.name());
        json.put("unit", row.metric().unit(row.item()));
        json.set("baseline", side(result.baseline(), row));
        json.set("variant", side(result.variant(), row));
        json.put("ratio", result.ratio());
        json.put("goal", row.goal().text());
        json.put("verdict", result.verdict().name().toLowerCase(Locale.ROOT));
        json.put("void_because", result.slowBaseline());
        put(json, "server_cpu_us_per_item", result.variant().median(Sample::serverCpuMicros));
        put(json, "server_cpu_us_per_item_before", before.serverCpuMicros(row.name()));
        return json;
    }

    private static ObjectNode side(Side side, Row row) {
        ObjectNode json = NODES.objectNode();
        json.put("name", side.name());
        Series figures = side.series(sample -> sample.figure(row.metric()));
        json.put("median", figures.median());
        json.set("rounds", array(side, sample -> sample.figure(row.metric())));
        json.put("items", side.samples().getFirst().work().items());
        if (side.hasLatencies()) {
            json.put("p50_ms", side.series(sample -> sample.latencyMillis(50)).median());
            json.put("p99_ms", side.series(sample -> sample.latencyMillis(99)).median());
        }
        json.set("server_cpu_us_per_item", array(side, Sample::serverCpuMicros));
        json.set("database_cpu_us_per_item", array(side, Sample::databaseCpuMicros));
        return json;
    }

    private static ArrayNode array(Side side, Function<Sample, @Nullable Double> figure) {
        ArrayNode array = NODES.arrayNode();
        side.samples().forEach(sample -> array.add(figure.apply(sample)));
        return array;
    }

    private static void put(ObjectNode json, String name, @Nullable Double value) {
        json.put(name, value);
    }
}
