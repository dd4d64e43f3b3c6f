package dev.tranche.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.config.DatabaseSource.Embedded;
import dev.tranche.server.config.Setting.Limit;
import dev.tranche.server.config.Setting.Switch;
import dev.tranche.server.config.Setting.Text;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
    private static final List<Setting> SETTINGS = ServeConfig.settings();

    private final Terminal terminal = new Terminal();

    @Test
    void hasTheDefaultsOfTheDesign() {
        ServeConfig config = terminal.serve("--embedded=/data");

        assertThat(config.listen()).isEqualTo(new Listen(InetAddress.getLoopbackAddress(), 50_051));
        assertThat(config.database()).isEqualTo(new Embedded(Path.of("/data")));
        assertThat(config.migrate()).isTrue();
        assertThat(config.batches())
                .isEqualTo(
                        new BatchLimits(
                                true,
                                100,
                                10_000,
                                1_000,
                                1 << 20,
                                1_000,
                                1 << 20,
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(10),
                                64 << 20,
                                16,
                                64 << 20,
                                64 << 20,
                                1_000,
                                10_000,
                                64 << 20));
        assertThat(config.calls().requestBytesMax()).isEqualTo(16 << 20);
        assertThat(config.calls().replyBytesMax()).isEqualTo(4 << 20);
        assertThat(config.calls().stallMax()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.connections().callsMax()).isEqualTo(100);
    }

    @ParameterizedTest
    @MethodSource("limits")
    void takesALimitAtBothEndsOfItsRange(Limit limit) {
        for (long amount : new long[] {limit.least(), limit.most()}) {
            assertThat(limit.problem(limit.unit().text(amount))).isNull();
            assertThat(limit.problem(smallest(limit, amount))).isNull();
        }
        assertThat(limit.least()).isLessThanOrEqualTo(limit.amount());
        assertThat(limit.amount()).isLessThanOrEqualTo(limit.most());
    }

    @ParameterizedTest
    @MethodSource("limits")
    void refusesALimitOnePastItsRange(Limit limit) {
        String over = smallest(limit, limit.most() + 1);
        assertRefused(
                "%s: %s given, %s allowed".formatted(limit.option(), over, limit.allowed()),
                "--embedded",
                limit.option() + "=" + over);
        if (limit.least() > 0) {
            String under = smallest(limit, limit.least() - 1);
            assertRefused(
                    "%s: %s given, %s allowed".formatted(limit.option(), under, limit.allowed()),
                    "--embedded",
                    limit.option(),
                    under);
        }
    }

    @ParameterizedTest
    @FieldSource("SETTINGS")
    void takesEverySettingFromTheEnvironmentToo(Setting setting) {
        List<String> base = baseFor(setting);
        String value = otherThanStandard(setting);
        List<String> byOption = new ArrayList<>(base);
        byOption.add(setting.option() + "=" + value);
        ServeConfig expected = terminal.serve(byOption.toArray(String[]::new));

        terminal.environment.put(setting.variable(), value);
        assertThat(terminal.serve(base.toArray(String[]::new))).isEqualTo(expected);
    }

    @Test
    void refusesLimitsThatContradictEachOther() {
        assertRefused(
                "--transaction-time-max: 20s given, at most 10s allowed, which is what --lease is",
                "--embedded",
                "--transaction-time-max=20s");
        assertRefused(
                "--record-bytes-max: 2MiB given, at most 1MiB allowed, which is what"
                        + " --request-bytes-max is",
                "--embedded",
                "--record-bytes-max=2MiB",
                "--request-bytes-max=1MiB");
        assertRefused(
                "--request-bytes-max: 16MiB given, at most 8MiB allowed, which is what"
                        + " --calls-bytes-max is",
                "--embedded",
                "--calls-bytes-max=8MiB");
        assertRefused(
                "--workspace-calls-max: 201 given, at most 200 allowed, which is what --calls-max"
                        + " is",
                "--embedded",
                "--workspace-calls-max=201");
        assertRefused(
                "--request-bytes-max: 16MiB given, at most 8MiB allowed, which is what"
                        + " --workspace-bytes-max is",
                "--embedded",
                "--workspace-bytes-max=8MiB");
    }

    private static Stream<Limit> limits() {
        return SETTINGS.stream().filter(Limit.class::isInstance).map(Limit.class::cast);
    }

    /** The amount in the smallest of its unit, so that one more can be written. */
    private static String smallest(Limit limit, long amount) {
        return limit.unit().equals(Unit.TIME) ? amount + "ms" : Long.toString(amount);
    }

    /** Options without which the setting alone would be refused. */
    private static List<String> baseFor(Setting setting) {
        if (setting.equals(DatabaseSettings.DB_USER)) {
            return List.of("--db-url=jdbc:mariadb://db/tranche");
        }
        if (setting.equals(DatabaseSettings.DB_URL)) {
            return List.of("--db-user=me");
        }
        if (setting.equals(DatabaseSettings.DB_PASSWORD_FILE)) {
            return List.of("--db-url=jdbc:mariadb://db/tranche", "--db-user=me");
        }
        if (setting.equals(DatabaseSettings.EMBEDDED)) {
            return List.of();
        }
        return setting.equals(Listen.HOST)
                ? List.of("--embedded", "--insecure-anonymous")
                : List.of("--embedded");
    }

    private static String otherThanStandard(Setting setting) {
        return switch (setting) {
            case Limit limit -> smallest(limit, limit.amount() + 1);
            case Switch onOff -> Boolean.toString(!onOff.on());
            case Text text when text.equals(Listen.HOST) -> "192.0.2.1";
            case Text text when text.equals(DatabaseSettings.DB_URL) -> "jdbc:mariadb://other/db";
            case Text text when text.equals(DatabaseSettings.DB_PASSWORD_FILE) ->
                    "src/main/resources/dev/tranche/server/version.properties";
            case Text text -> "other";
        };
    }

    private void assertRefused(String message, String... arguments) {
        assertThat(terminal.refusal(arguments)).contains(message);
    }
}
