package dev.tranche.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class CommandsTest {
    private static final List<Setting> SETTINGS = ServeConfig.settings();

    private final Terminal terminal = new Terminal();

    @Test
    void saysItsVersion() {
        assertThat(terminal.execute("--version")).isZero();
        assertThat(terminal.out().strip()).isEqualTo("tranche 1.2.3");
    }

    @Test
    void needsACommand() {
        assertThat(terminal.execute()).isEqualTo(2);
        assertThat(terminal.err()).contains("Missing required subcommand", "tranche --help");
    }

    @Test
    void letsAnOptionWinOverItsVariable() {
        terminal.environment.put("TRANCHE_PORT", "1");
        assertThat(terminal.serve("--embedded", "--port=2").listen().port()).isEqualTo(2);
    }

    @Test
    void refusesABadVariableEvenUnderAnOption() {
        terminal.environment.put("TRANCHE_PORT", "65536");
        assertRefused("TRANCHE_PORT: 65536 given, 0 to 65535 allowed", "--embedded", "--port=2");
    }

    @Test
    void refusesAVariableThatNoSettingHas() {
        terminal.environment.put("TRANCHE_OPERATION_MAX", "5");
        assertRefused(
                "TRANCHE_OPERATION_MAX: no setting has this environment variable", "--embedded");
    }

    @Test
    void leavesOtherVariablesAlone() {
        terminal.environment.put("TRANCHE_JAVA_OPTS", "-Xmx1g");
        terminal.environment.put("TRANCHES", "?");
        terminal.environment.put("PORT", "?");
        assertThat(terminal.serve("--embedded").listen().port()).isEqualTo(50_051);
    }

    @Test
    void namesEveryProblemAtOnce() {
        terminal.environment.put("TRANCHE_LEASE", "10");
        terminal.environment.put("TRANCHE_BATCHES_ENABLED", "yes");
        String message = terminal.refusal("--embedded", "--records-max=many");
        assertThat(message)
                .contains(
                        "--records-max: 'many' given, a whole number from 1 to 100000 allowed",
                        "TRANCHE_LEASE: '10' given, a time such as 500ms, 3s, 2min, 1h or 7d from 1s to"
                                + " 10min allowed",
                        "TRANCHE_BATCHES_ENABLED: 'yes' given, true or false allowed");
    }

    @Test
    void refusesAnUnknownOption() {
        assertRefused("Unknown option: '--operation-max=5'", "--operation-max=5", "--embedded");
        assertRefused("--embedded: '--operation-max=5' given", "--embedded", "--operation-max=5");
    }

    @Test
    void refusesAnOptionGivenTwice() {
        assertRefused("should be specified only once", "--embedded", "--port=1", "--port=2");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void saysUnitDefaultRangeAndVariableOfEveryOption(CommandSpec command) {
        for (OptionSpec option : command.options()) {
            if (!option.usageHelp()) {
                String name = option.longestName();
                assertThat(String.join(" ", option.description()))
                        .as(name)
                        .contains(
                                "Default ",
                                "; ",
                                "[TRANCHE_"
                                        + name.substring(2)
                                                .replace('-', '_')
                                                .toUpperCase(Locale.ROOT)
                                        + "]");
                assertThat(option.paramLabel()).as(name).isNotEqualTo("PARAM");
            }
        }
    }

    @Test
    void printsTheHelpInSections() {
        assertThat(terminal.execute("serve", "--help")).isZero();
        assertThat(terminal.out())
                .contains(
                        "tranche serve --embedded[=DIR] [OPTIONS]",
                        "Listening:",
                        "--operations-max=COUNT",
                        "Default 100; 1 to 10000. [TRANCHE_OPERATIONS_MAX]",
                        "Default 3s; 100ms to 1min. [TRANCHE_TRANSACTION_TIME_MAX]",
                        "Default 16MiB; 64KiB to 64MiB. [TRANCHE_REQUEST_BYTES_MAX]",
                        "--embedded[=DIR]",
                        "--insecure-anonymous[=true|false]");
        for (Setting setting : SETTINGS) {
            assertThat(terminal.out()).contains(setting.option(), "[" + setting.variable() + "]");
        }
    }

    private static Stream<CommandSpec> commands() {
        return Commands.of("", Map.of(), config -> {}, config -> {})
                .getSubcommands()
                .values()
                .stream()
                .map(CommandLine::getCommandSpec);
    }

    private void assertRefused(String message, String... arguments) {
        assertThat(terminal.refusal(arguments)).contains(message);
    }
}
