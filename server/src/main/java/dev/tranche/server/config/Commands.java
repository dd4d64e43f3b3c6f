package dev.tranche.server.config;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The command line. Every option has an environment variable of the same name; what neither sets has
 * its default; what cannot be used stops the command before it starts anything.
 */
public final class Commands {
    private static final int HELP_COLUMNS = 100;

    private Commands() {}

    /**
     * The commands {@code serve}, {@code migrate} and others. Executing the result answers the exit
     * code: 0 done, 1 failed, 2 called in a way that makes no sense.
     *
     * @param version as {@code --version} says it
     * @param environment all variables; only {@code TRANCHE_…} are looked at
     * @param others commands that picocli's annotations describe
     */
    public static CommandLine of(
            String version,
            Map<String, String> environment,
            Action<ServeConfig> serve,
            Action<DatabaseSource> migrate,
            Object... others) {
        Environment variables = new Environment(environment);
        CommandSpec tranche = CommandSpec.create().name("tranche").version("tranche " + version);
        tranche.mixinStandardHelpOptions(true)
                .usageMessage()
                .description("Applies batches of data operations, called over gRPC, to MariaDB.");
        CommandLine line =
                new CommandLine(tranche)
                        .addSubcommand(serve(variables, serve))
                        .addSubcommand(migrate(variables, migrate));
        for (Object other : others) {
            line.addSubcommand(other);
        }
        return line.setUsageHelpWidth(HELP_COLUMNS).setParameterExceptionHandler(Commands::explain);
    }

    private static CommandSpec serve(Environment variables, Action<ServeConfig> action) {
        CommandSpec spec =
                new SettingsCommand<>(ServeConfig.SECTIONS, variables, ServeConfig::of, action)
                        .spec("serve", "Serves batches until it is told to stop.");
        spec.usageMessage()
                .customSynopsis(
                        "tranche serve --db-url=URL --db-user=NAME [--db-password-file=FILE] [OPTIONS]",
                        "       tranche serve --embedded[=DIR] [OPTIONS]")
                .footer(
                        "",
                        "Each option can be given as the environment variable in brackets instead;"
                                + " the option wins.",
                        "A TRANCHE_ variable that is not listed stops the start. Kubernetes makes"
                                + " some for a Service",
                        "named tranche, unless the pod says enableServiceLinks: false.",
                        "TRANCHE_JAVA_OPTS holds options for Java itself, -Xmx256m if it is not"
                                + " set.");
        return spec;
    }

    private static CommandSpec migrate(Environment variables, Action<DatabaseSource> action) {
        CommandSpec spec =
                new SettingsCommand<>(
                                List.of(DatabaseSettings.WHICH),
                                variables,
                                DatabaseSettings::read,
                                action)
                        .spec("migrate", "Brings the tables of a database up to date and ends.");
        spec.usageMessage()
                .customSynopsis(
                        "tranche migrate --db-url=URL --db-user=NAME [--db-password-file=FILE]",
                        "       tranche migrate --embedded[=DIR]");
        return spec;
    }

    private static int explain(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(problem.getMessage());
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }
}
