package dev.tranche.terminal;

import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicReference;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far something is: on a terminal a bar that fills, elsewhere a line now and then. */
public record Progress(ProgressBar bar) implements AutoCloseable {
    private static final int WIDTH = 78;
    private static final int TERMINAL_INTERVAL_MILLIS = 100;
    private static final int LINES_INTERVAL_MILLIS = 1_000;

    /**
     * Begins at 0.
     *
     * @param what one word
     * @param total at which it is done
     */
    public static Progress of(Screen screen, String what, int total) {
        boolean terminal = screen.terminal();
        return new Progress(
                new ProgressBarBuilder()
                        .setTaskName(what)
                        .setInitialMax(total)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(
                                terminal ? TERMINAL_INTERVAL_MILLIS : LINES_INTERVAL_MILLIS)
                        .setConsumer(terminal ? bar(screen.out()) : lines(screen))
                        .showSpeed()
                        .hideEta()
                        .build());
    }

    private static ProgressBarConsumer bar(PrintStream out) {
        return new ConsoleProgressBarConsumer(out, WIDTH);
    }

    private static ProgressBarConsumer lines(Screen screen) {
        AtomicReference<String> said = new AtomicReference<>("");
        return new DelegatingProgressBarConsumer(
                line -> {
                    if (!line.equals(said.getAndSet(line))) {
                        screen.say(line);
                    }
                },
                WIDTH);
    }

    /** One more is done. */
    public void step() {
        bar.step();
    }

    /** Says what is being done now. */
    public void say(String what) {
        bar.setExtraMessage(" " + what);
    }

    /** The bar waits for its last line, and would swallow an interruption over it. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        bar.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
