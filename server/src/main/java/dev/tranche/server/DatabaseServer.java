package dev.tranche.server;

import dev.tranche.db.EmbeddedMariaDb;
import dev.tranche.db.EmbeddedSettings;
import dev.tranche.db.Migrations;
import dev.tranche.server.config.DatabaseSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** The MariaDB that holds the data, ours or somebody else's. If it is ours, it ends with this. */
final class DatabaseServer implements AutoCloseable {
    private final String url;
    private final String user;
    private final String password;
    private final Future<Integer> exit;
    private final Runnable end;

    private DatabaseServer(
            String url, String user, String password, Future<Integer> exit, Runnable end) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.exit = exit;
        this.end = end;
    }

    /**
     * Starts it if it is ours.
     *
     * @throws dev.tranche.db.DatabaseUnusableException if it does not start
     */
    static DatabaseServer at(DatabaseSource source) {
        return switch (source) {
            case DatabaseSource.External external ->
                    new DatabaseServer(
                            external.url(),
                            external.user(),
                            external.password(),
                            new CompletableFuture<>(),
                            () -> {});
            case DatabaseSource.Embedded embedded ->
                    of(EmbeddedMariaDb.start(EmbeddedSettings.in(embedded.folder())));
        };
    }

    private static DatabaseServer of(EmbeddedMariaDb mariaDb) {
        return new DatabaseServer(
                mariaDb.jdbcUrl(),
                mariaDb.user(),
                mariaDb.password(),
                mariaDb.onExit(),
                mariaDb::close);
    }

    String url() {
        return url;
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    /**
     * Brings the tables up to date.
     *
     * @throws dev.tranche.db.DatabaseUnusableException if it cannot be reached, or its tables are
     *     not ours, or newer
     */
    Migrations.Report migrate() {
        return Migrations.migrate(url, user, password, Migrations.WAIT_MAX_DEFAULT);
    }

    /**
     * Makes sure the tables are up to date.
     *
     * @throws dev.tranche.db.DatabaseUnusableException as {@link #migrate}, and if they are older
     */
    void check() {
        Migrations.check(url, user, password);
    }

    /**
     * Waits as long as it runs; that of others for ever.
     *
     * @throws ServerFailure when it has ended
     */
    void awaitEnd() throws ServerFailure, InterruptedException {
        try {
            int code = exit.get();
            throw new ServerFailure("the embedded MariaDB ended by itself with code " + code);
        } catch (ExecutionException e) {
            throw new ServerFailure("the embedded MariaDB was lost", e);
        }
    }

    /** Ends it if it is ours; a second call does nothing. */
    @Override
    public void close() {
        end.run();
    }
}
