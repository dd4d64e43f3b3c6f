package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.ItemError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/** A year of hourly weather, and what must become of it: three hours came twice. */
final class WeatherRecords {
    static final int COUNT = 26_115;
    static final List<Integer> REPEATED = List.of(7_319, 16_024, 24_730);

    private static final Set<String> TEXTS = Set.of("origin", "time_hour");

    private WeatherRecords() {}

    /** The collection they go into. */
    static Operation collection() {
        return Ops.collection(
                "weather", Ops.unique("one_per_hour", "origin", "year", "month", "day", "hour"));
    }

    static List<InsertRecord> read() throws IOException {
        List<InsertRecord> records = new ArrayList<>(COUNT);
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                Objects.requireNonNull(
                                        WeatherRecords.class.getResourceAsStream(
                                                "/dev/tranche/demo/weather.csv")),
                                StandardCharsets.UTF_8))) {
            List<String> names = List.of(lines.readLine().split(","));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                records.add(Inserter.row(json(names, List.of(line.split(",")))));
            }
        }
        assertThat(records).hasSize(COUNT);
        return records;
    }

    private static String json(List<String> names, List<String> values) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String value = values.get(i);
            if (!value.equals("NA")) {
                String quote = TEXTS.contains(names.get(i)) ? "\"" : "";
                members.add("\"" + names.get(i) + "\":" + quote + value + quote);
            }
        }
        return "{" + String.join(",", members) + "}";
    }

    /** One result for every index, and the three failures where they must be. */
    static void assertTrue(List<RecordResult> results) {
        assertThat(results)
                .extracting(RecordResult::getIndex)
                .isEqualTo(IntStream.range(0, COUNT).boxed().toList());
        assertThat(results.stream().filter(one -> one.getOutcome() != Outcome.OUTCOME_INSERTED))
                .extracting(RecordResult::getIndex)
                .containsExactlyElementsOf(REPEATED);
        for (int index : REPEATED) {
            ItemError error = results.get(index).getError();
            assertThat(error.getConstraint()).isEqualTo("one_per_hour");
            assertThat(error.getExistingRecordId()).isEqualTo(results.get(index - 1).getRecordId());
        }
    }
}
