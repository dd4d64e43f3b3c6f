package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Inserts of the same unique values by eight clients at once. */
class RivalInsertsTest {
    private static final int CLIENTS = 8;
    private static final int VALUES = 600;

    @Test
    void eachValueGoesInOnceAndEveryLoserLearnsOfTheWinner() throws Exception {
        try (TestServer server =
                        TestServer.start(
                                "--chunk-records-max=40",
                                "--transaction-time-max=30s",
                                "--lease=30s");
                ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            Inserter inserter =
                    Inserter.into(server, Ops.collection("items", Ops.unique("by_n", "n")));
            CyclicBarrier start = new CyclicBarrier(CLIENTS);
            List<List<Integer>> orders = new ArrayList<>();
            List<Future<InsertReply>> replies = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                List<Integer> values = new ArrayList<>(IntStream.range(0, VALUES).boxed().toList());
                Collections.shuffle(values, new Random(client));
                orders.add(values);
                replies.add(
                        threads.submit(() -> {
                            start.await();
                            return inserter.insert(records(values));
                        }));
            }
            assertOneWinnerEach(orders, replies);
            assertThat(inserter.stored()).isEqualTo(VALUES);
            assertThat(orphans(server)).isZero();
        }
    }

    /** Keys are taken before it is known whether the record that wants them goes in. */
    @Test
    void recordsThatFailKeepNoKeys() throws Exception {
        try (TestServer server = TestServer.start()) {
            Inserter inserter =
                    Inserter.into(
                            server,
                            Ops.collection(
                                    "items", Ops.unique("by_a", "a"), Ops.unique("by_b", "b")));
            String first = inserter.insert(row("{\"a\":1,\"b\":1}")).result(0).getRecordId();
            InsertReply reply =
                    inserter.insert(
                            row("{\"a\":2,\"b\":1}"),
                            row("{\"a\":2,\"b\":2}"),
                            row("{\"a\":3,\"b\":1}"),
                            row("{\"a\":4,\"b\":2}"));
            assertThat(reply.error(0).getExistingRecordId()).isEqualTo(first);
            assertThat(reply.result(1).getOutcome()).isEqualTo(Outcome.OUTCOME_INSERTED);
            assertThat(reply.error(2).getExistingRecordId()).isEqualTo(first);
            assertThat(reply.error(3).getEarlierIndex()).isEqualTo(1);
            assertThat(orphans(server)).isZero();
            InsertReply again = inserter.insert(row("{\"a\":3,\"b\":3}"), row("{\"a\":4,\"b\":4}"));
            assertThat(again.results())
                    .extracting(RecordResult::getOutcome)
                    .containsOnly(Outcome.OUTCOME_INSERTED);
            assertThat(orphans(server)).isZero();
        }
    }

    private static List<InsertRecord> records(List<Integer> values) {
        return values.stream().map(n -> row("{\"n\":" + n + "}")).toList();
    }

    private static void assertOneWinnerEach(
            List<List<Integer>> orders, List<Future<InsertReply>> replies) throws Exception {
        Map<Integer, String> winners = new HashMap<>();
        for (int client = 0; client < CLIENTS; client++) {
            for (RecordResult result : replies.get(client).get().results()) {
                if (result.getOutcome() == Outcome.OUTCOME_INSERTED) {
                    int value = orders.get(client).get(result.getIndex());
                    assertThat(winners.put(value, result.getRecordId())).isNull();
                }
            }
        }
        assertThat(winners).hasSize(VALUES);
        for (int client = 0; client < CLIENTS; client++) {
            for (RecordResult result : replies.get(client).get().results()) {
                if (result.hasError()) {
                    int value = orders.get(client).get(result.getIndex());
                    assertThat(result.getError().getReason())
                            .isEqualTo(ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
                    assertThat(result.getError().getExistingRecordId())
                            .isEqualTo(winners.get(value));
                }
            }
        }
    }

    /** Keys without a live record, and live records without their key. */
    private static int orphans(TestServer server) throws Exception {
        String sql =
                "SELECT (SELECT COUNT(*) FROM record_key k WHERE NOT EXISTS (SELECT 1 FROM record r"
                        + " WHERE r.collection_id = k.collection_id AND r.id = k.record_id"
                        + " AND r.deleted_at IS NULL))"
                        + " + (SELECT COUNT(*) FROM record r WHERE r.deleted_at IS NULL"
                        + " AND NOT EXISTS (SELECT 1 FROM record_key k"
                        + " WHERE k.collection_id = r.collection_id AND k.record_id = r.id))";
        try (Connection connection = server.connection();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            found.next();
            return found.getInt(1);
        }
    }
}
