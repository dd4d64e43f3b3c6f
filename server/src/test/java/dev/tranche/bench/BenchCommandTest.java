package dev.tranche.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        return new CommandLine(new BenchCommand("no.such.Main"))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    static Stream<Arguments> senseless() {
        return Stream.of(
                Arguments.of("--rounds=0", "--rounds: 0 given, 1 to 100 allowed"),
                Arguments.of("--rounds=101", "--rounds: 101 given, 1 to 100 allowed"),
                Arguments.of("--rounds=many", "--rounds"),
                Arguments.of(
                        "--only=nothing",
                        "--only: nothing given, insert, batch, growth, start, insert-json-1"),
                Arguments.of("--quick --rounds=3", "--rounds and --quick: both given, one of them"),
                Arguments.of("--quick --only=start", "--quick: leaves nothing of --only=start"),
                Arguments.of("--db-user=me", "no database given"),
                Arguments.of("--db-url=jdbc:mariadb://h/d", "--db-user: needed with --db-url"),
                Arguments.of("--db-url=postgres", "--db-url: 'postgres' given"));
    }

    @ParameterizedTest
    @MethodSource("senseless")
    void refusesWhatMakesNoSense(String arguments, String message) {
        assertThat(execute(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(message);
    }

    @Test
    void namesEveryRowOnce() {
        assertThat(Bench.rows()).extracting(Row::name).doesNotHaveDuplicates();
        assertThat(Bench.rows().stream().filter(Row::quick))
                .extracting(Row::name)
                .containsExactly(
                        "insert-json-1",
                        "insert-violations-10",
                        "batch-100-optimal",
                        "batch-100-plain");
    }
}
