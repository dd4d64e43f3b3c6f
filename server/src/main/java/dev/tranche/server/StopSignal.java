package dev.tranche.server;

import java.util.concurrent.CompletableFuture;

/**
 * Turns SIGTERM and Ctrl-C into an interruption of the thread that runs the command, and holds the
 * end of the process back until that thread has put everything in order.
 */
final class StopSignal {
    private final Thread command;
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();

    private StopSignal(Thread command) {
        this.command = command;
    }

    /** Listens from now on. */
    static StopSignal forThisThread() {
        StopSignal signal = new StopSignal(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(new Thread(signal::onShutdown, "stop-signal"));
        return signal;
    }

    /** Lets the process end. */
    void commandEnded(int code) {
        exitCode.complete(code);
    }

    /** Runs on a signal, but also when the process ends by itself, with nothing left to do. */
    private void onShutdown() {
        if (!exitCode.isDone()) {
            command.interrupt();
            // Or the process would end with 143, which supervisors take for a failure.
            Runtime.getRuntime().halt(exitCode.join());
        }
    }
}
