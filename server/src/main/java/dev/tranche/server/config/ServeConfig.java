package dev.tranche.server.config;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Everything a server is told at the start.
 *
 * @param migrate whether the tables are brought up to date first
 * @param connectionsMax to the database, at least 1
 */
public record ServeConfig(
        Listen listen,
        DatabaseSource database,
        boolean migrate,
        int connectionsMax,
        BatchLimits batches,
        AccountLimits accounts,
        CallLimits calls,
        ConnectionLimits connections) {
    static final List<Section> SECTIONS =
            List.of(
                    Listen.SECTION,
                    DatabaseSettings.SECTION,
                    BatchLimits.SECTION,
                    AccountLimits.SECTION,
                    CallLimits.SECTION,
                    ConnectionLimits.SECTION);

    static ServeConfig of(Values values) throws BadSettings {
        return new ServeConfig(
                Listen.of(values),
                DatabaseSettings.read(values),
                !values.on(DatabaseSettings.NO_MIGRATE),
                values.count(DatabaseSettings.CONNECTIONS_MAX),
                BatchLimits.of(values),
                AccountLimits.of(values),
                CallLimits.of(values),
                ConnectionLimits.of(values));
    }

    /** Every setting there is. */
    static List<Setting> settings() {
        return SECTIONS.stream().flatMap(section -> section.settings().stream()).toList();
    }

    /**
     * What {@code tranche serve} would make of these arguments, without environment variables.
     *
     * @throws ParameterException with the message that {@code tranche serve} would print
     */
    public static ServeConfig of(String... arguments) {
        var command =
                new SettingsCommand<>(
                        SECTIONS, new Environment(Map.of()), ServeConfig::of, config -> {});
        return command.config(new CommandLine(command.spec("serve")).parseArgs(arguments));
    }
}
