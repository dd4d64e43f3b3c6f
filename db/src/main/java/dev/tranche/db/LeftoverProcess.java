package dev.tranche.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mariadbd that has outlived its server, which was killed. */
final class LeftoverProcess {
    private static final Logger log = LoggerFactory.getLogger(LeftoverProcess.class);

    private LeftoverProcess() {}

    /**
     * Ends it in good order, if there is one.
     *
     * @param folder held by this process, so that whatever still runs on it belongs to nobody
     * @param stopMax how long it may take
     * @throws DatabaseUnusableException if it takes longer
     */
    static void end(DatabaseFolder folder, Duration stopMax)
            throws IOException, InterruptedException {
        ProcessHandle process = find(folder);
        if (process == null) {
            return;
        }
        log.warn("ending mariadbd, pid {}, whose server is gone", process.pid());
        process.destroy();
        try {
            process.onExit().get(stopMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new DatabaseUnusableException(
                    ("mariadbd, pid %d, still runs on %s although its server is gone, and does not"
                                    + " end within %d s. End it, then start again")
                            .formatted(process.pid(), folder.root(), stopMax.toSeconds()),
                    e);
        }
    }

    private static @Nullable ProcessHandle find(DatabaseFolder folder) throws IOException {
        Path file = folder.pidFile();
        String pid = Files.exists(file) ? Files.readString(file).strip() : "";
        if (!pid.matches("[0-9]{1,10}")) {
            return null;
        }
        // The pid may be another process' by now: what it was started with has to say our folder.
        return ProcessHandle.of(Long.parseLong(pid))
                .filter(process -> hasArgument(process, DatabaseFolder.argument(folder.data())))
                .orElse(null);
    }

    private static boolean hasArgument(ProcessHandle process, String argument) {
        return process.info().arguments().map(List::of).orElse(List.of()).contains(argument);
    }
}
