package dev.tranche.bench;

import dev.tranche.client.BatchClient;
import dev.tranche.client.ResumingInsert;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.StreamInsertOptions;
import io.grpc.ManagedChannel;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;

/** {@code StreamInsert}: all records on one stream, by the Java client, which resumes if need be. */
final class StreamCall implements Contender {
    private final BenchDatabase database;
    private final Load load;
    private final List<InsertRecord> records;
    private final ManagedChannel channel;

    private StreamCall(
            BenchDatabase database, Load load, List<InsertRecord> records, ManagedChannel channel) {
        this.database = database;
        this.load = load;
        this.records = records;
        this.channel = channel;
    }

    static StreamCall of(Stage stage, Load load) {
        return new StreamCall(
                stage.database(), load, load.insertRecords(0), stage.server().connect());
    }

    @Override
    public String name() {
        return "StreamInsert";
    }

    @Override
    public void prepare() throws SQLException {
        load.prepare(database);
    }

    @Override
    public Work run() {
        return Work.of(insert(channel, load.collection(), records.iterator()));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /**
     * Inserts any number of records.
     *
     * @return how many
     * @throws IllegalStateException if one failed
     */
    static long insert(ManagedChannel channel, String collection, Iterator<InsertRecord> records) {
        StreamInsertOptions options =
                StreamInsertOptions.newBuilder()
                        .setWorkspace(Stage.WORKSPACE)
                        .setCollection(collection)
                        .build();
        try (ResumingInsert insert = BatchClient.on(channel).streamInsert(options, records)) {
            insert.forEachRemaining(result -> {});
            if (insert.summary().getFailedCount() > 0) {
                throw new IllegalStateException(
                        insert.summary().getFailedCount() + " records failed, none should");
            }
            return insert.summary().getTotalCount();
        }
    }
}
