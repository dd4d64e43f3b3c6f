package dev.tranche.server.store;

import static dev.tranche.server.store.Samples.newRecords;
import static dev.tranche.server.store.Samples.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.engine.Conflict;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.BatchTransaction;
import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.RowKey.RecordKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tables that somebody alters while connections keep statements that were prepared before. */
class AlteredTablesTest {
    /** Enough to be written in bulk. */
    private static final int RECORDS = 20;

    private final Store store = Store.open();

    @AfterEach
    void close() throws SQLException {
        alter("");
        store.close();
    }

    @Test
    void theWorkIsDoneAgainOnAnotherConnection() throws SQLException {
        store.flush(records("a"));
        alter("altered");
        Changes more = records("b");
        new Reruns<BatchTransaction>(store.database().transactions())
                .run(
                        Store.budget(Duration.ofSeconds(3)),
                        tx -> {
                            tx.flush(Store.WORKSPACE, more);
                            return more;
                        });
        assertThat(store.get(new RecordKey(7, "a0"))).isNotNull();
        assertThat(store.get(new RecordKey(7, "b0"))).isNotNull();
    }

    @Test
    void noConnectionKeepsWhatOneOfThemFoundToBeOutdated() throws SQLException {
        store.once(one ->
                store.once(other -> {
                    one.flush(Store.WORKSPACE, records("a"));
                    other.flush(Store.WORKSPACE, records("b"));
                    return other;
                }));
        alter("altered");
        boolean outdated = isConflict(() -> store.flush(records("c")));
        if (outdated) {
            store.flush(records("c"));
        }
        store.once(one ->
                store.once(other -> {
                    one.flush(Store.WORKSPACE, records("d"));
                    other.flush(Store.WORKSPACE, records("e"));
                    return other;
                }));
        for (String id : List.of("c0", "d0", "e0")) {
            assertThat(store.get(new RecordKey(7, id))).as(id).isNotNull();
        }
    }

    /** MariaDB 11.4 lets a bulk fail whose table was altered; 10.11 prepares it anew by itself. */
    private static boolean isConflict(Runnable work) {
        try {
            work.run();
            return false;
        } catch (Conflict conflict) {
            return true;
        }
    }

    private static Changes records(String prefix) {
        return newRecords(
                IntStream.range(0, RECORDS).mapToObj(i -> record(7, prefix + i)).toList());
    }

    private void alter(String comment) throws SQLException {
        try (Connection connection = store.test().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE record COMMENT = '" + comment + "'");
        }
    }
}
