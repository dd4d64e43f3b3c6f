package dev.tranche.server;

import dev.tranche.bench.BenchCommand;
import dev.tranche.bench.BenchFailure;
import dev.tranche.bench.RehearseCommand;
import dev.tranche.client.TrancheException;
import dev.tranche.db.DatabaseUnusableException;
import dev.tranche.db.Migrations;
import dev.tranche.demo.DemoCommand;
import dev.tranche.server.config.Commands;
import dev.tranche.server.config.DatabaseSource;
import dev.tranche.server.config.ServeConfig;
import java.io.PrintWriter;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The process: runs one command, says on stderr why it failed, and ends with its exit code. */
public final class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Runs the command that the arguments name. */
    public static void main(String[] arguments) {
        StopSignal signal = StopSignal.forThisThread();
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        int code = CommandLine.ExitCode.SOFTWARE;
        try {
            code = commands(System.getenv()).execute(arguments);
        } finally {
            signal.commandEnded(code);
        }
        System.exit(code);
    }

    /** All commands there are. */
    static CommandLine commands(Map<String, String> environment) {
        return Commands.of(
                        Version.current(),
                        environment,
                        Main::serve,
                        Main::migrate,
                        new DemoCommand(config -> new DemoApp(App.start(config))),
                        new BenchCommand(Main.class.getName()),
                        new RehearseCommand(Main.class.getName()))
                .setExecutionExceptionHandler(Main::explain);
    }

    private static void serve(ServeConfig config) throws ServerFailure {
        try (App app = App.start(config)) {
            System.out.printf(
                    "Tranche %s listens on %s, database: %s%n",
                    Version.current(), app.address(), config.database());
            app.awaitEnd();
        } catch (InterruptedException e) {
            log.info("stopped");
        }
    }

    private static void migrate(DatabaseSource source) {
        try (DatabaseServer server = DatabaseServer.at(source)) {
            Migrations.Report report = server.migrate();
            System.out.printf(
                    "The tables have version %s; %d migrations applied, database: %s%n",
                    report.version(), report.applied(), source);
        }
    }

    /** What operators can do something about needs no stack trace; everything else is a bug. */
    private static int explain(Exception failure, CommandLine command, ParseResult found) {
        switch (failure) {
            case DatabaseUnusableException e -> say(command, e);
            case ServerFailure e -> say(command, e);
            case BenchFailure e -> say(command, e);
            case TrancheException e -> say(command, e);
            default -> log.error("{} failed", command.getCommandName(), failure);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static void say(CommandLine command, Exception failure) {
        PrintWriter err = command.getErr();
        err.println("tranche: " + failure.getMessage());
        err.flush();
    }
}
