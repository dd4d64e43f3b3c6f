package dev.tranche.bench;

import dev.tranche.client.BatchClient;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import io.grpc.ManagedChannel;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code ExecuteBatch}: each client has a connection, and makes one call after another. */
final class BatchCalls implements Contender {
    private final BatchLoad load;
    private final List<Client> clients;

    private BatchCalls(BatchLoad load, List<Client> clients) {
        this.load = load;
        this.clients = clients;
    }

    static BatchCalls of(Stage stage, BatchLoad load) {
        return new BatchCalls(
                load,
                load.plans().stream()
                        .map(plan ->
                                new Client(
                                        stage.server().connect(),
                                        plan.batches().stream().map(BatchCalls::request).toList()))
                        .toList());
    }

    private static ExecuteBatchRequest request(List<Change> changes) {
        return ExecuteBatchRequest.newBuilder()
                .setWorkspace(Stage.WORKSPACE)
                .addAllOperations(changes.stream().map(Change::operation).toList())
                .build();
    }

    private record Client(ManagedChannel channel, List<ExecuteBatchRequest> requests)
            implements Callable<Work> {
        @Override
        public Work call() {
            BatchClient batches = BatchClient.on(channel);
            List<Double> latencyMillis = new ArrayList<>();
            long items = 0;
            for (ExecuteBatchRequest request : requests) {
                long begin = System.nanoTime();
                ExecuteBatchResponse reply = batches.executeBatchOnce(request);
                latencyMillis.add((System.nanoTime() - begin) / 1e6);
                items += reply.getBatch().getSucceededCount();
            }
            return new Work(items, latencyMillis);
        }
    }

    @Override
    public String name() {
        return load.plans().size() == 1 ? "ExecuteBatch" : load.plans().size() + " x ExecuteBatch";
    }

    @Override
    public void prepare() throws SQLException {
        load.prepare();
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
