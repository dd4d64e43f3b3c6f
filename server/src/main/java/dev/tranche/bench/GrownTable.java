package dev.tranche.bench;

import dev.tranche.client.Records;
import io.grpc.ManagedChannel;
import java.sql.SQLException;
import java.util.stream.IntStream;

/**
 * Another contender's work in tables that are not empty. What is there came on one long stream, so
 * that the server has that behind it, too.
 *
 * @param records that are there before
 */
record GrownTable(BenchDatabase database, ManagedChannel channel, Contender inner, int records)
        implements Contender {
    private static final int FIRST_NUMBER = 500_000_000;

    static GrownTable of(Stage stage, Contender inner, int records) {
        return new GrownTable(stage.database(), stage.server().connect(), inner, records);
    }

    @Override
    public String name() {
        return "%s at %,d".formatted(inner.name(), records);
    }

    /** It would take too long, and most of it happens while the table is filled. */
    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public void prepare() throws SQLException {
        database.truncate();
        StreamCall.insert(
                channel,
                Stage.PLAIN,
                IntStream.range(FIRST_NUMBER, FIRST_NUMBER + records)
                        .mapToObj(number -> Records.of(Product.json(number, Product.BYTES)))
                        .iterator());
    }

    @Override
    public Work run() throws Exception {
        return inner.run();
    }

    @Override
    public void close() throws SQLException {
        channel.shutdownNow();
        inner.close();
    }
}
