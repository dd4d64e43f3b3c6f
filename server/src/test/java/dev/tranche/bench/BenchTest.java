package dev.tranche.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The command as people run it. That it works, and what it prints; never its figures. */
class BenchTest {
    @TempDir Path folder;

    @Test
    void measuresTheMostImportantRowsAndPrintsThemAsJson() throws Exception {
        Path err = folder.resolve("err");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "bench",
                                "--quick",
                                "--json")
                        .directory(folder.toFile())
                        .redirectError(err.toFile())
                        .start();
        List<String> out = process.inputReader().lines().toList();

        assertThat(process.waitFor()).as(Files.readString(err)).isZero();
        assertThat(out).hasSize(1);
        checkReport(new ObjectMapper().readTree(out.getFirst()));
        assertThat(Files.readString(err)).contains("measuring").contains("16/16");
        try (Stream<Path> left = Files.list(folder.resolve(BenchDatabase.FOLDER))) {
            assertThat(left).isEmpty();
        }
    }

    private static void checkReport(JsonNode report) {
        assertThat(report.get("quick").booleanValue()).isTrue();
        assertThat(report.get("rounds").intValue()).isEqualTo(2);
        assertThat(report.get("database").stringValue()).contains("MariaDB");
        assertThat(report.get("server_heap_bytes").longValue()).isPositive();
        JsonNode rows = report.get("rows");
        assertThat(rows.valueStream().map(row -> row.get("name").stringValue()))
                .containsExactlyElementsOf(
                        Bench.rows().stream().filter(Row::quick).map(Row::name).toList());
        rows.forEach(BenchTest::checkRow);
    }

    private static void checkRow(JsonNode row) {
        for (String side : List.of("baseline", "variant")) {
            JsonNode figures = row.get(side);
            assertThat(figures.get("name").stringValue()).isNotEmpty();
            assertThat(figures.get("median").doubleValue()).isPositive();
            assertThat(figures.get("rounds").valueStream().map(JsonNode::doubleValue))
                    .hasSize(2)
                    .allMatch(figure -> figure > 0);
            assertThat(figures.get("server_cpu_us_per_item").size()).isEqualTo(2);
            assertThat(figures.get("database_cpu_us_per_item").size()).isEqualTo(2);
            assertThat(figures.has("p99_ms")).isEqualTo(row.get("unit").stringValue().equals("ms"));
        }
        assertThat(row.get("ratio").doubleValue()).isPositive();
        assertThat(row.get("goal").stringValue()).startsWith("ratio ");
        assertThat(row.get("verdict").stringValue()).isIn("met", "missed", "void");
        assertThat(row.get("void_because").isNull())
                .isEqualTo(!row.get("verdict").stringValue().equals("void"));
        assertThat(row.get("server_cpu_us_per_item").doubleValue()).isPositive();
    }
}
