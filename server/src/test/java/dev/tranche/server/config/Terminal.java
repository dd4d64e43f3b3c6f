package dev.tranche.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Someone at the command line: what they set, and what they get to see. */
final class Terminal {
    final Map<String, String> environment = new HashMap<>();
    final List<ServeConfig> served = new ArrayList<>();
    final List<DatabaseSource> migrated = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    /** The configuration that {@code tranche serve} starts with. */
    ServeConfig serve(String... arguments) {
        int code = execute(withServe(arguments));
        assertThat(err()).isEmpty();
        assertThat(code).isZero();
        return served.getLast();
    }

    /** What {@code tranche serve} says instead of starting. */
    String refusal(String... arguments) {
        assertThat(execute(withServe(arguments))).isEqualTo(2);
        assertThat(served).isEmpty();
        return err();
    }

    /** Runs one command; answers its exit code. */
    int execute(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        served.clear();
        migrated.clear();
        return Commands.of("1.2.3", environment, served::add, migrated::add)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static String[] withServe(String... arguments) {
        return Stream.concat(Stream.of("serve"), Stream.of(arguments)).toArray(String[]::new);
    }
}
