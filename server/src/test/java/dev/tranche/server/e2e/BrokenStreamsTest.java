package dev.tranche.server.e2e;

import static dev.tranche.v1.BatchState.BATCH_STATE_PARTIALLY_SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.client.BatchClient;
import dev.tranche.client.ResumingInsert;
import dev.tranche.client.TrancheChannel;
import dev.tranche.v1.Batch;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.StreamInsertOptions;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A year of weather in one insert of the Java client, which goes on by itself whatever breaks. The
 * system properties {@code tranche.test.breaks} and {@code tranche.test.seed} say how often, and
 * where.
 */
class BrokenStreamsTest {
    private static final int BREAKS = Integer.getInteger("tranche.test.breaks", 5);
    private static final long SEED = Long.getLong("tranche.test.seed", 11);
    private static List<InsertRecord> records;

    @TempDir Path folder;
    private Killable killable;
    private Relay relay;
    private ManagedChannel channel;

    private enum Break {
        CONNECTION,
        CLIENT,
        SERVER,
        DATABASE,
        LIST_OVER_CONNECTION
    }

    @BeforeAll
    static void read() throws Exception {
        records = WeatherRecords.read();
    }

    @BeforeEach
    void start() throws Exception {
        killable =
                Killable.in(
                        folder, "--records-max=30000", "--transaction-time-max=3s", "--lease=3s");
        relay = Relay.before(killable.server().port());
        channel = TrancheChannel.plaintext("127.0.0.1:" + relay.port()).build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        relay.close();
        killable.close();
    }

    @Test
    void everyIndexHasOneResultWhateverBreaks() throws Exception {
        Random random = new Random(SEED);
        for (int run = 0; run < BREAKS; run++) {
            Break planned = Break.values()[run % Break.values().length];
            int at = random.nextInt(WeatherRecords.COUNT);
            try (TestServer watcher = killable.another()) {
                importBreaking(Inserter.into(watcher, WeatherRecords.collection()), planned, at);
            }
        }
    }

    private void importBreaking(Inserter inserter, Break planned, int at) throws Exception {
        List<RecordResult> results = new ArrayList<>();
        String key = "import-" + planned;
        ResumingInsert insert = open(inserter, planned, key);
        while (insert.hasNext()) {
            results.add(insert.next());
            if (results.size() == at + 1) {
                if (planned == Break.CLIENT) {
                    insert.close();
                    results.clear();
                    insert = open(inserter, planned, key);
                } else {
                    breakIt(planned);
                }
                at = -1;
            }
        }
        assertThat(at).as("it broke").isNegative();
        WeatherRecords.assertTrue(results);
        Batch summary = insert.summary();
        assertThat(summary.getState()).isEqualTo(BATCH_STATE_PARTIALLY_SUCCEEDED);
        assertThat(summary.getSucceededCount()).isEqualTo(WeatherRecords.COUNT - 3);
        assertThat(inserter.stored()).isEqualTo(WeatherRecords.COUNT - 3);
        assertThat(inserter.storedResults(summary.getBatchId(), 1_000)).isEqualTo(results);
    }

    private ResumingInsert open(Inserter inserter, Break planned, String key) {
        BatchClient client = BatchClient.on(channel);
        return planned == Break.LIST_OVER_CONNECTION
                ? client.insert(inserter.request(records).toBuilder().setRequestId(key).build())
                : client.streamInsert(
                        StreamInsertOptions.newBuilder()
                                .setWorkspace(inserter.caller().workspace())
                                .setCollection(inserter.collection())
                                .setRequestId(key)
                                .build(),
                        records.iterator());
    }

    private void breakIt(Break planned) throws Exception {
        switch (planned) {
            case CLIENT -> throw new IllegalStateException("the caller does that");
            case CONNECTION, LIST_OVER_CONNECTION -> relay.cut();
            case SERVER -> {
                killable.killServer();
                relay.leadTo(killable.server().port());
            }
            case DATABASE -> killable.killDatabase();
        }
    }
}
