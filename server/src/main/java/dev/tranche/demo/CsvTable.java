package dev.tranche.demo;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A table of the demo's data. Columns are numbers, except those said to be text.
 *
 * @param resource the file
 */
record CsvTable(String resource, Set<String> textColumns) {
    static final CsvTable AIRPORTS =
            new CsvTable("airports.csv", Set.of("faa", "name", "dst", "tzone"));
    static final CsvTable WEATHER = new CsvTable("weather.csv", Set.of("origin", "time_hour"));

    private static final String MISSING = "NA";

    /** All rows in the order of the file. */
    List<Row> read() {
        try (CsvReader<NamedCsvRecord> rows =
                CsvReader.builder()
                        .ofNamedCsvRecord(Resources.open(resource), StandardCharsets.UTF_8)) {
            return rows.stream().map(this::row).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    /** Whole numbers and fractions keep their digits; a missing value leaves its field out. */
    private Row row(NamedCsvRecord fields) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        fields.getFieldsAsMap()
                .forEach((column, value) -> {
                    if (textColumns.contains(column)) {
                        json.put(column, value);
                    } else if (!value.equals(MISSING)) {
                        json.put(column, new BigDecimal(value));
                    }
                });
        return new Row(fields.getField(0), json.toString());
    }

    /**
     * A row as a record's data.
     *
     * @param key what its first column says
     * @param json an object with a member per field
     */
    record Row(String key, String json) {}
}
