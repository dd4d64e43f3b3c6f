package dev.tranche.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void saysTheVersionOfTheBuild() {
        StringWriter out = new StringWriter();
        int code = Main.commands(Map.of()).setOut(new PrintWriter(out, true)).execute("--version");
        assertThat(code).isZero();
        assertThat(out.toString()).matches("tranche [0-9]+\\.[0-9]+\\.[0-9]+\\R");
    }

    @Test
    void endsWithTwoIfTheCommandMakesNoSense() {
        StringWriter err = new StringWriter();
        int code =
                Main.commands(Map.of())
                        .setErr(new PrintWriter(err, true))
                        .execute("serve", "--port=99999");
        assertThat(code).isEqualTo(2);
        assertThat(err.toString())
                .contains("--port: 99999 given, 0 to 65535 allowed", "tranche serve --help");
    }
}
