package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.row;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tranche.server.e2e.Cut.Place;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import io.grpc.StatusException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Cuts the connection to the database before and after packets of an insert of several chunks, sends
 * the call again until it is through, and compares. The system property {@code tranche.test.cuts=all}
 * cuts at every packet.
 */
class CutInsertsTest {
    private static final boolean ALL = "all".equals(System.getProperty("tranche.test.cuts"));

    /** Odd, so that both sides of packets have their turn. */
    private static final int ONE_IN = 9;

    /** To them each broken connection is worth a warning. */
    private static final List<Logger> WARNING =
            Stream.of(
                            "com.zaxxer.hikari",
                            "dev.tranche.server.transport.Exchange",
                            "dev.tranche.server.insert.InsertRun")
                    .map(name -> (Logger) LoggerFactory.getLogger(name))
                    .toList();

    private static final List<InsertRecord> RECORDS =
            List.of(
                    row("a", "{\"n\":1}"),
                    row("{\"n\":2}"),
                    row("{\"n\":1}"),
                    row("{"),
                    row("b", "{\"n\":4}"),
                    row("{\"n\":0}"),
                    row("{\"n\":6}"),
                    row("c", "{\"n\":7}"));

    private static final Set<Integer> FAILING = Set.of(2, 3, 5);

    private static TestServer direct;
    private static PacketProxy proxy;

    /** With one connection, and with enough for chunks that begin while others still run. */
    private static final Map<Integer, TestServer> FRAGILE = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        WARNING.forEach(logger -> logger.setLevel(Level.ERROR));
        direct = TestServer.start();
        proxy = PacketProxy.before(direct.database());
        for (int connections : new int[] {1, 4}) {
            FRAGILE.put(
                    connections,
                    direct.behind(
                            proxy.port(),
                            "--chunk-records-max=3",
                            "--transaction-time-max=1s",
                            "--lease=1s",
                            "--db-connections-max=" + connections));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (TestServer one : FRAGILE.values()) {
            one.close();
        }
        proxy.close();
        direct.close();
        WARNING.forEach(logger -> logger.setLevel(null));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void everyRecordGoesInOnceWhereverTheConnectionIsCut(int connections) throws Exception {
        TestServer fragile = Objects.requireNonNull(FRAGILE.get(connections));
        Cut counter = Cut.nowhere();
        proxy.cut(counter);
        run(fragile, counter);
        Set<String> reasons = new HashSet<>();
        int number = 0;
        for (int packet = 1; packet <= counter.packets(); packet++) {
            for (Place place : List.of(Place.BEFORE, Place.AFTER)) {
                if (ALL || number++ % ONE_IN == 0) {
                    Cut cut = Cut.at(packet, place);
                    reasons.addAll(run(fragile, cut));
                }
            }
        }
        assertThat(reasons)
                .contains("DATABASE_UNAVAILABLE")
                .isSubsetOf(
                        "DATABASE_UNAVAILABLE",
                        "OUTCOME_UNKNOWN",
                        "REQUEST_IN_PROGRESS",
                        "BATCH_BUSY",
                        "BATCH_TIMEOUT");
    }

    /** Inserts with a cut in it: what the caller was refused for on the way. */
    private static Set<String> run(TestServer fragile, Cut cut) throws Exception {
        Inserter inserter =
                new Inserter(new Caller(fragile, Caller.of(direct).workspace()), "items");
        Inserter seen = new Inserter(new Caller(direct, inserter.caller().workspace()), "items");
        seen.caller()
                .execute(
                        Ops.collection("items", Ops.unique("by_n", "n")),
                        Ops.create("items", "zero", "{\"n\":0}"));
        BatchInsertRequest request =
                inserter.request(RECORDS).toBuilder().setRequestId("key").build();
        Set<String> reasons = new HashSet<>();
        List<RecordResult> answered = new ArrayList<>();
        proxy.cut(cut);
        boolean through = attempt(inserter, request, answered, reasons);
        proxy.heal();
        proxy.awaitLost();
        if (!through) {
            Waiting.until(
                    "the insert is through after " + cut,
                    () -> attempt(inserter, request, answered, reasons));
        }
        assertAll(seen, answered, cut.toString());
        return reasons;
    }

    /** Whether it came to its summary. */
    private static boolean attempt(
            Inserter inserter,
            BatchInsertRequest request,
            List<RecordResult> answered,
            Set<String> reasons)
            throws Exception {
        try {
            var call = inserter.caller().batches().batchInsert(request);
            boolean through = false;
            while (call.hasNext()) {
                BatchInsertResponse message = call.read();
                through = message.hasSummary();
                for (RecordResult result : message.getResults().getResultsList()) {
                    if (result.getIndex() < answered.size()) {
                        assertThat(result).isEqualTo(answered.get(result.getIndex()));
                    } else {
                        answered.add(result);
                    }
                }
            }
            return through;
        } catch (StatusException refused) {
            reasons.add(Refusal.of(refused).reason());
            return false;
        }
    }

    private static void assertAll(Inserter inserter, List<RecordResult> answered, String what)
            throws Exception {
        assertThat(answered).as(what).hasSize(RECORDS.size());
        for (RecordResult result : answered) {
            assertThat(result.getOutcome() == Outcome.OUTCOME_FAILED)
                    .as(what)
                    .isEqualTo(FAILING.contains(result.getIndex()));
        }
        assertThat(inserter.stored()).as(what).isEqualTo(1 + RECORDS.size() - FAILING.size());
        InsertReply replay =
                inserter.insert(inserter.request(RECORDS).toBuilder().setRequestId("key"));
        assertThat(replay.results()).as(what).isEqualTo(answered);
    }
}
