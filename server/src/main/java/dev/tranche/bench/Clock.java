package dev.tranche.bench;

import dev.tranche.terminal.Stopwatch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run costs: time, and what the server's and the database's process take of the processors.
 * That is known to 10 ms on Linux, so a run should take a second or more.
 */
record Clock(
        Stage stage,
        @Nullable Duration serverCpu,
        @Nullable Duration databaseCpu,
        Stopwatch watch) {

    static Clock start(Stage stage) {
        return new Clock(stage, server(stage), database(stage), Stopwatch.started());
    }

    Sample stop(Work work) {
        Duration time = watch.elapsed();
        return new Sample(
                work,
                time,
                difference(server(stage), serverCpu),
                difference(database(stage), databaseCpu));
    }

    private static @Nullable Duration server(Stage stage) {
        return cpu(stage.server().process().pid());
    }

    private static @Nullable Duration database(Stage stage) {
        Long pid = stage.database().pid();
        return pid == null ? null : cpu(pid);
    }

    /** User and system time of a process since its start; null where the platform does not say. */
    private static @Nullable Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(null);
    }

    private static @Nullable Duration difference(@Nullable Duration end, @Nullable Duration begin) {
        return end == null || begin == null ? null : end.minus(begin);
    }
}
