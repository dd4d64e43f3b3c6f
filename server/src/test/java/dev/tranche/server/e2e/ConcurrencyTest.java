package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_IN_PROGRESS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What many callers at the same moment can rely on. */
class ConcurrencyTest {
    private static final int PAIRS = 50;
    private static final int CLIENTS = 8;

    private static TestServer server;
    private static TestServer other;
    private static ExecutorService threads;
    private Inserter inserter;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
        other = server.another();
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterAll
    static void stop() throws Exception {
        threads.close();
        other.close();
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        inserter = Inserter.into(server, Ops.collection("items", Ops.unique("by_n", "n")));
    }

    @Test
    void doesTheWorkOfACallOnceWhenItArrivesTwiceAtTheSameMoment() throws Exception {
        List<Future<ExecuteBatchResponse>> replies = new ArrayList<>();
        for (int pair = 0; pair < PAIRS; pair++) {
            ExecuteBatchRequest request = keyed(pair);
            CyclicBarrier moment = new CyclicBarrier(2);
            replies.add(threads.submit(() -> untilReplied(server, moment, request)));
            replies.add(threads.submit(() -> untilReplied(other, moment, request)));
        }
        for (int pair = 0; pair < PAIRS; pair++) {
            ExecuteBatchResponse one = replies.get(2 * pair).get(30, TimeUnit.SECONDS);
            ExecuteBatchResponse two = replies.get(2 * pair + 1).get(30, TimeUnit.SECONDS);
            assertThat(one.getReplayed()).as("pair " + pair).isNotEqualTo(two.getReplayed());
            assertThat(one.toBuilder().clearReplayed().build())
                    .isEqualTo(two.toBuilder().clearReplayed().build());
            assertThat(inserter.caller().read("items", "counter-" + pair).getVersion())
                    .isEqualTo(1);
        }
        assertThat(inserter.stored()).isEqualTo(2 * PAIRS);
    }

    private ExecuteBatchRequest keyed(int pair) {
        return inserter.caller()
                .request(
                        Ops.create("items", "", "{\"pair\":" + pair + "}"),
                        Ops.upsert("items", "counter-" + pair, "{\"n\":" + pair + "}"))
                .setRequestId("pair-" + pair)
                .build();
    }

    private static ExecuteBatchResponse untilReplied(
            TestServer to, CyclicBarrier moment, ExecuteBatchRequest request) throws Exception {
        moment.await(20, TimeUnit.SECONDS);
        while (true) {
            try {
                return to.batches().withDeadlineAfter(20, TimeUnit.SECONDS).executeBatch(request);
            } catch (StatusException refused) {
                Refusal.of(refused)
                        .has(Code.ABORTED, ERROR_REASON_REQUEST_IN_PROGRESS)
                        .namesADelay();
            }
        }
    }

    @Test
    void letsOneOfManyInsertersHaveAValue() throws Exception {
        CyclicBarrier moment = new CyclicBarrier(CLIENTS);
        List<Future<InsertReply>> replies = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            Caller caller =
                    new Caller(client % 2 == 0 ? server : other, inserter.caller().workspace());
            Inserter one = new Inserter(caller, "items");
            replies.add(
                    threads.submit(() -> {
                        moment.await(20, TimeUnit.SECONDS);
                        return one.insert(
                                LongStream.range(0, 100)
                                        .mapToObj(n -> Inserter.row("{\"n\":" + n + "}"))
                                        .toList());
                    }));
        }
        int inserted = 0;
        for (Future<InsertReply> reply : replies) {
            inserted += reply.get(30, TimeUnit.SECONDS).summary().getSucceededCount();
        }
        assertThat(inserted).isEqualTo(100);
        assertThat(inserter.stored()).isEqualTo(100);
    }

    @Test
    void runsATransactionAgainThatLostADeadlock() throws Exception {
        Caller caller = inserter.caller();
        caller.execute(Ops.create("items", "a", "{}"), Ops.create("items", "b", "{}"));
        try (RowLock lock = RowLock.ofRecord(inserter, "b")) {
            lock.growHeavy();
            Future<ExecuteBatchResponse> reply =
                    submit(() ->
                            caller.execute(
                                    Ops.update("items", "a", "{\"x\":1}"),
                                    Ops.update("items", "b", "{\"x\":1}")));
            long waits = lock.awaitWaiter();
            lock.add(inserter, "a");
            lock.awaitWaiterAfter(waits);
            lock.release();
            assertThat(reply.get(10, TimeUnit.SECONDS).getResults(1).getVersion()).isEqualTo(2);
        }
        assertThat(caller.read("items", "a").getVersion()).isEqualTo(2);
    }

    @Test
    void runsATransactionAgainThatWaitedTooLongForALock() throws Exception {
        Caller caller = inserter.caller();
        caller.execute(Ops.create("items", "a", "{}"));
        try (RowLock lock = RowLock.ofRecord(inserter, "a")) {
            Future<ExecuteBatchResponse> reply =
                    submit(() -> caller.execute(Ops.update("items", "a", "{\"x\":1}")));
            lock.awaitWaiterAfter(lock.awaitWaiter());
            lock.release();
            assertThat(reply.get(10, TimeUnit.SECONDS).getResults(0).getVersion()).isEqualTo(2);
        }
    }

    @Test
    void givesUpOnALockThatOutlastsTheBudgetAndWritesNothing() throws Exception {
        Caller caller = inserter.caller();
        caller.execute(Ops.create("items", "a", "{}"));
        try (TestServer hasty = server.another("--transaction-time-max=200ms", "--lease=1s");
                RowLock lock = RowLock.ofRecord(inserter, "a")) {
            Caller there = new Caller(hasty, caller.workspace());
            Refusal refusal =
                    caller.refused(() ->
                            there.execute(
                                    Ops.create("items", "b", "{}"),
                                    Ops.update("items", "a", "{\"x\":1}")));
            assertThat(List.of(refusal.code() + " " + refusal.reason()))
                    .as(refusal.message())
                    .isSubsetOf("ABORTED TRANSACTION_CONFLICT", "DEADLINE_EXCEEDED BATCH_TIMEOUT");
            lock.awaitNobody();
        }
        assertThat(caller.read("items", "a").getVersion()).isEqualTo(1);
    }

    @Test
    void endsAnInsertThatDoesNotGetThroughInItsTime() throws Exception {
        try (TestServer hasty = server.another("--transaction-time-max=200ms", "--lease=1s");
                RowLock lock = RowLock.ofCollection(inserter)) {
            Inserter there =
                    new Inserter(new Caller(hasty, inserter.caller().workspace()), "items");
            Refusal refusal = Refusal.of(() -> there.insert(Inserter.row("{}")));
            assertThat(refusal.reason())
                    .as(refusal.message())
                    .isIn("TRANSACTION_CONFLICT", "BATCH_TIMEOUT");
            lock.awaitNobody();
        }
        assertThat(inserter.stored()).isZero();
    }

    @Test
    void stopsAtTheCallersDeadline() throws Exception {
        Caller caller = inserter.caller();
        caller.execute(Ops.create("items", "a", "{}"));
        try (RowLock lock = RowLock.ofRecord(inserter, "a")) {
            ExecuteBatchRequest request =
                    caller.request(
                                    Ops.create("items", "b", "{}"),
                                    Ops.update("items", "a", "{\"x\":1}"))
                            .build();
            Refusal refusal =
                    Refusal.of(() ->
                            server.batches()
                                    .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                                    .executeBatch(request));
            assertThat(refusal.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED.value());
            lock.awaitNobody();
        }
        assertThat(inserter.stored()).isEqualTo(1);
        assertThat(caller.read("items", "a").getVersion()).isEqualTo(1);
    }

    @Test
    void rollsBackACallWhoseCallerWentAway() throws Exception {
        Caller caller = inserter.caller();
        caller.execute(Ops.create("items", "a", "{}"));
        try (RowLock lock = RowLock.ofRecord(inserter, "a")) {
            io.grpc.Context.CancellableContext context =
                    io.grpc.Context.current().withCancellation();
            Future<ExecuteBatchResponse> reply =
                    submit(
                            context.wrap(
                                    () -> caller.execute(Ops.update("items", "a", "{\"x\":1}"))));
            lock.awaitWaiter();
            context.cancel(null);
            assertThat(Refusal.of(() -> unwrapped(reply)).status().getCode())
                    .isEqualTo(Status.Code.CANCELLED.value());
            lock.awaitNobody();
        }
        assertThat(caller.read("items", "a").getVersion()).isEqualTo(1);
    }

    private static ExecuteBatchResponse unwrapped(Future<ExecuteBatchResponse> reply)
            throws Throwable {
        try {
            return reply.get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause();
        }
    }

    private static <T> Future<T> submit(Callable<T> call) {
        return threads.submit(call);
    }
}
