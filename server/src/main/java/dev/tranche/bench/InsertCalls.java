package dev.tranche.bench;

import dev.tranche.client.BatchClient;
import dev.tranche.client.InsertStream;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.InsertRecord;
import io.grpc.ManagedChannel;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/**
 * {@code BatchInsert}: each client has a connection, and makes one call after another of as many
 * records as the server takes by default. It reads every result, as callers do.
 */
final class InsertCalls implements Contender {
    private static final int CALL_RECORDS = 10_000;

    private final BenchDatabase database;
    private final Load load;
    private final List<Client> clients;

    private InsertCalls(BenchDatabase database, Load load, List<Client> clients) {
        this.database = database;
        this.load = load;
        this.clients = clients;
    }

    static InsertCalls of(Stage stage, Load load) {
        return new InsertCalls(
                stage.database(),
                load,
                IntStream.range(0, load.clients())
                        .mapToObj(client -> client(stage, load, client))
                        .toList());
    }

    private static Client client(Stage stage, Load load, int number) {
        List<InsertRecord> records = load.insertRecords(number);
        List<BatchInsertRequest> requests = new ArrayList<>();
        for (int from = 0; from < records.size(); from += CALL_RECORDS) {
            int to = Math.min(from + CALL_RECORDS, records.size());
            requests.add(
                    BatchInsertRequest.newBuilder()
                            .setWorkspace(Stage.WORKSPACE)
                            .setCollection(load.collection())
                            .addAllRecords(records.subList(from, to))
                            .build());
        }
        return new Client(stage.server().connect(), requests, load.clashes());
    }

    /**
     * One of those who insert at once.
     *
     * @param clashes records that have to fail
     */
    private record Client(ManagedChannel channel, List<BatchInsertRequest> requests, int clashes)
            implements Callable<Work> {
        @Override
        public Work call() {
            BatchClient batches = BatchClient.on(channel);
            long total = 0;
            long failed = 0;
            for (BatchInsertRequest request : requests) {
                try (InsertStream results = batches.batchInsert(request)) {
                    results.forEachRemaining(result -> {});
                    Batch summary = results.summary();
                    total += summary.getTotalCount();
                    failed += summary.getFailedCount();
                }
            }
            if (failed != clashes) {
                throw new IllegalStateException(
                        "%d records of %d failed, %d should".formatted(failed, total, clashes));
            }
            return Work.of(total);
        }
    }

    @Override
    public String name() {
        String calls = load.clients() == 1 ? "BatchInsert" : load.clients() + " x BatchInsert";
        return load.clashes() == 0
                ? calls
                : calls + ", " + 100 * load.clashes() / load.records() + " % fail";
    }

    @Override
    public void prepare() throws SQLException {
        load.prepare(database);
    }

    @Override
    public Work run() throws Exception {
        return Crew.atOnce(clients);
    }

    @Override
    public void close() {
        clients.forEach(client -> client.channel().shutdownNow());
    }
}
