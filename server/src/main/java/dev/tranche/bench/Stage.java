package dev.tranche.bench;

import dev.tranche.client.BatchClient;
import dev.tranche.client.Operations;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.UniqueConstraint;
import io.grpc.ManagedChannel;

/**
 * Where the contenders of a row meet: one database, and one server on it.
 *
 * @param quick whether there is less time than for everything
 */
record Stage(
        BenchServer.Program program, BenchDatabase database, BenchServer server, boolean quick) {
    static final String WORKSPACE = "default";

    /** A collection without a JSON Schema, but with a unique constraint. */
    static final String PLAIN = "plain";

    /** The same with a JSON Schema of ten fields. */
    static final String CHECKED = "checked";

    /** Of the server, where its defaults do not do: the largest batch has 1,000 operations. */
    static final String[] SETTINGS = {"--operations-max=1000"};

    private static final int RECORDS = 100_000;
    private static final int QUICK_RECORDS = 20_000;

    /** Records that a client inserts in a run. */
    int records() {
        return quick ? QUICK_RECORDS : RECORDS;
    }

    /** Makes the collections. */
    void build() {
        UniqueConstraint bySku =
                UniqueConstraint.newBuilder()
                        .setName("by_sku")
                        .addFields(Product.KEY_FIELD)
                        .build();
        ManagedChannel channel = server.connect();
        try {
            BatchClient.on(channel)
                    .executeBatch(
                            ExecuteBatchRequest.newBuilder()
                                    .setWorkspace(WORKSPACE)
                                    .addOperations(
                                            Operations.upsertCollection(
                                                    PLAIN, "{\"type\":\"object\"}", bySku))
                                    .addOperations(
                                            Operations.upsertCollection(
                                                    CHECKED, Product.SCHEMA, bySku))
                                    .build());
        } finally {
            channel.shutdownNow();
        }
    }
}
