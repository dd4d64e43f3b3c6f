package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.BatchState.BATCH_STATE_INTERRUPTED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_DATABASE_UNAVAILABLE;
import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.db.EmbeddedMariaDb;
import dev.tranche.db.EmbeddedSettings;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.RecordResult;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers can rely on when the database is killed, and when it is back. */
class FaultTest {
    private static final int RECORDS = 5_000;
    private static final int CHUNK = 50;
    private static final int CLIENTS = 4;
    private static final int CALLS_BEFORE = 100;
    private static final int CALLS_MAX = 2_000;

    @TempDir private static Path folder;
    private static EmbeddedMariaDb database;
    private static TestServer server;
    private Inserter inserter;

    @BeforeAll
    static void start() throws Exception {
        database = EmbeddedMariaDb.start(EmbeddedSettings.in(folder));
        server =
                TestServer.on(
                        database,
                        "--chunk-records-max=" + CHUNK,
                        "--transaction-time-max=2s",
                        "--lease=3s");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        database.close();
    }

    @BeforeEach
    void enter() throws Exception {
        inserter = Inserter.into(server, Ops.collection("items"));
    }

    @Test
    void tellsTheTruthAboutAnInsertWhoseDatabaseIsKilled() throws Exception {
        List<RecordResult> answered = new ArrayList<>();
        var call = inserter.begin(IntStream.range(0, RECORDS).mapToObj(i -> row("{}")).toList());
        String batchId = call.read().getStarted().getBatchId();
        while (answered.size() < 10 * CHUNK) {
            answered.addAll(call.read().getResults().getResultsList());
        }
        kill();
        assertThat(away(Refusal.of(() -> readOn(call, answered))).metadata())
                .containsEntry("batch_id", batchId);
        Refusal.of(() -> inserter.insert(row("{}")))
                .has(Code.UNAVAILABLE, ERROR_REASON_DATABASE_UNAVAILABLE)
                .namesADelay();
        bringBack();
        Waiting.until(
                "the lease has run out",
                () -> inserter.account(batchId).getState() == BATCH_STATE_INTERRUPTED);
        Batch account = inserter.account(batchId);
        assertThat(account.getSucceededCount())
                .isEqualTo(inserter.stored())
                .isGreaterThanOrEqualTo(answered.size());
        assertThat(inserter.storedResults(batchId, 1_000).subList(0, answered.size()))
                .isEqualTo(answered);
        InsertReply retry =
                inserter.retry(
                        inserter.retryOf(batchId)
                                .addReplacements(
                                        Inserter.replacement(RECORDS - 1, row("late", "{}"))));
        assertThat(retry.failed()).isEmpty();
    }

    private static void readOn(
            BlockingClientCall<?, BatchInsertResponse> call, List<RecordResult> answered)
            throws Exception {
        while (call.hasNext()) {
            BatchInsertResponse message = call.read();
            assertThat(message.hasSummary()).as("no summary of half a batch").isFalse();
            answered.addAll(message.getResults().getResultsList());
        }
    }

    @Test
    void tellsTheTruthAboutBatchesWhoseDatabaseIsKilled() throws Exception {
        CountDownLatch going = new CountDownLatch(CALLS_BEFORE);
        List<Future<List<Sent>>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < CLIENTS; client++) {
                String name = "client-" + client;
                clients.add(threads.submit(() -> sendUntilRefused(name, going)));
            }
            assertThat(going.await(20, TimeUnit.SECONDS)).isTrue();
            kill();
            List<Sent> all = new ArrayList<>();
            for (Future<List<Sent>> client : clients) {
                all.addAll(client.get(20, TimeUnit.SECONDS));
            }
            assertThat(all).filteredOn(sent -> sent.refusal() != null).hasSize(CLIENTS);
            bringBack();
            for (Sent sent : all) {
                assertTrue(sent);
            }
            assertThat(inserter.stored()).isEqualTo(all.size());
        }
    }

    /** Repeats a call whose database is back: what it was told first must fit. */
    private void assertTrue(Sent sent) throws Exception {
        ExecuteBatchResponse again = server.batches().executeBatch(sent.request());
        Refusal refusal = sent.refusal();
        if (refusal == null) {
            assertThat(again.getReplayed()).as("what was answered stands").isTrue();
        } else if (refusal.reason().equals("DATABASE_UNAVAILABLE")) {
            assertThat(again.getReplayed()).as("nothing was written").isFalse();
        }
        String id = sent.request().getOperations(0).getCreateRecord().getId();
        assertThat(inserter.caller().read("items", id).getVersion()).isEqualTo(1);
    }

    /**
     * A call and how it ended.
     *
     * @param refusal null if it succeeded
     */
    private record Sent(ExecuteBatchRequest request, Refusal refusal) {}

    private List<Sent> sendUntilRefused(String client, CountDownLatch going) throws Exception {
        List<Sent> all = new ArrayList<>();
        for (int i = 0; i < CALLS_MAX; i++) {
            String id = client + "-" + i;
            ExecuteBatchRequest request =
                    inserter.caller()
                            .request(Ops.create("items", id, "{}"))
                            .setRequestId(id)
                            .build();
            try {
                assertThat(server.batches().executeBatch(request).getReplayed()).isFalse();
                all.add(new Sent(request, null));
                going.countDown();
            } catch (StatusException refused) {
                all.add(new Sent(request, away(Refusal.of(refused))));
                return all;
            }
        }
        throw new AssertionError("the database was killed, and nobody noticed");
    }

    private static Refusal away(Refusal refusal) {
        assertThat(refusal.reason())
                .as(refusal.message())
                .isIn("DATABASE_UNAVAILABLE", "OUTCOME_UNKNOWN");
        assertThat(refusal.code()).as(refusal.message()).isIn(Code.UNAVAILABLE, Code.UNKNOWN);
        return refusal;
    }

    private static void kill() throws Exception {
        assertThat(ProcessHandle.of(database.pid()).orElseThrow().destroyForcibly()).isTrue();
        database.onExit().get(10, TimeUnit.SECONDS);
        Waiting.until("not ready", () -> ServeTest.health(server, "") == NOT_SERVING);
    }

    private static void bringBack() throws Exception {
        int port = database.port();
        database.close();
        database = EmbeddedMariaDb.start(EmbeddedSettings.in(folder).withPort(port));
        Waiting.until("ready", () -> ServeTest.health(server, "") == SERVING);
    }
}
