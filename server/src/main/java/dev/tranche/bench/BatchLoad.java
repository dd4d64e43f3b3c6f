package dev.tranche.bench;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is done in a run with batches, by whatever way.
 *
 * @param plans of each client
 */
record BatchLoad(BenchDatabase database, List<Plan> plans) {

    static BatchLoad of(Stage stage, int clients, int batches, int operations) {
        return new BatchLoad(
                stage.database(),
                IntStream.range(0, clients)
                        .mapToObj(client -> Plan.of(client, batches, operations))
                        .toList());
    }

    /** Leaves nothing in the tables but what is there before the first batch. */
    void prepare() throws SQLException {
        database.truncate();
        try (Loader loader = Loader.into(database, Stage.PLAIN)) {
            for (Plan plan : plans) {
                plan.seed(loader);
            }
        }
    }
}
