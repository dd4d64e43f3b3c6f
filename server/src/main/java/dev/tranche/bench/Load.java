package dev.tranche.bench;

import dev.tranche.bench.Loader.Item;
import dev.tranche.client.Records;
import dev.tranche.v1.InsertRecord;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is inserted in a run, by whatever way.
 *
 * @param clients each with records of its own
 * @param records of each client
 * @param bytes of a record's JSON text
 * @param struct whether callers of the service send a {@code Struct} instead of the text
 * @param seeds records that are there before
 * @param clashes how many of each client's records have the key of a seed, spread evenly
 */
record Load(
        String collection,
        int clients,
        int records,
        int bytes,
        boolean struct,
        int seeds,
        int clashes) {
    private static final int NUMBERS_PER_CLIENT = 10_000_000;
    private static final int FIRST_SEED = 900_000_000;

    /** Records without clashes in an empty table. */
    static Load of(Stage stage, String collection, int clients) {
        return new Load(collection, clients, stage.records(), Product.BYTES, false, 0, 0);
    }

    Load asStruct() {
        return new Load(collection, clients, records, bytes, true, seeds, clashes);
    }

    Load withBytes(int value) {
        return new Load(collection, clients, records, value, struct, seeds, clashes);
    }

    Load withSeeds(int count) {
        return new Load(collection, clients, records, bytes, struct, count, 0);
    }

    Load withClashes() {
        return new Load(collection, clients, records, bytes, struct, seeds, seeds);
    }

    /** Those of a client, for a loader. */
    List<Item> items(int client) {
        return IntStream.range(0, records).mapToObj(index -> item(number(client, index))).toList();
    }

    /** Those of a client, for a caller of the service. */
    List<InsertRecord> insertRecords(int client) {
        return IntStream.range(0, records)
                .mapToObj(index -> insertRecord(number(client, index)))
                .toList();
    }

    /** Empties the tables, and puts the seeds in. */
    void prepare(BenchDatabase database) throws SQLException {
        database.truncate();
        if (seeds > 0) {
            try (Loader loader = Loader.into(database, collection)) {
                loader.load(
                        IntStream.range(FIRST_SEED, FIRST_SEED + seeds)
                                .mapToObj(this::item)
                                .toList());
            }
        }
    }

    private int number(int client, int index) {
        int every = clashes == 0 ? Integer.MAX_VALUE : records / clashes;
        return index % every == every - 1
                ? FIRST_SEED + index / every
                : client * NUMBERS_PER_CLIENT + index;
    }

    private Item item(int number) {
        return new Item(Product.sku(number), Product.json(number, bytes));
    }

    private InsertRecord insertRecord(int number) {
        return struct
                ? InsertRecord.newBuilder().setData(Product.struct(number, bytes)).build()
                : Records.of(Product.json(number, bytes));
    }
}
