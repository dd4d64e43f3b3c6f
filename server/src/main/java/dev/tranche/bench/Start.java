package dev.tranche.bench;

import dev.tranche.db.EphemeralFolders;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Starting something until it is ready. What was started is stopped outside of the measurement. */
final class Start implements Contender {
    private final String name;
    private final boolean first;
    private final Starting starting;
    private @Nullable Path folder;
    private @Nullable AutoCloseable started;

    private Start(String name, boolean first, Starting starting) {
        this.name = name;
        this.first = first;
        this.starting = starting;
    }

    /** Starts something, and returns when it is ready. */
    @FunctionalInterface
    interface Starting {
        /**
         * With a folder for its database.
         *
         * @return what stops it
         */
        AutoCloseable in(Path folder) throws Exception;
    }

    /** Each time in an empty folder. */
    static Start first(String name, Starting starting) {
        return new Start(name, true, starting);
    }

    /** Always in the same folder; the run that does not count has made what is in it. */
    static Start later(String name, Starting starting) {
        return new Start(name, false, starting);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public void prepare() {
        if (folder == null) {
            folder = EphemeralFolders.createIn(BenchDatabase.FOLDER);
        }
    }

    @Override
    public Work run() throws Exception {
        started = starting.in(Objects.requireNonNull(folder));
        return Work.of(1);
    }

    @Override
    public void tidyUp() throws Exception {
        if (started != null) {
            started.close();
            started = null;
        }
        if (first) {
            close();
        }
    }

    @Override
    public void close() {
        if (folder != null) {
            EphemeralFolders.delete(folder);
            folder = null;
        }
    }
}
