package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_PAYLOAD_EXPIRED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.DeleteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two servers that remove what is past its time. */
class JanitorTest {
    private static final String[] EAGER = {"--janitor-interval=100ms", "--janitor-pause=0ms"};

    private static TestServer server;
    private static TestServer second;
    private static RowEdits rows;
    private Inserter inserter;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(EAGER);
        second = server.another(EAGER);
        rows = new RowEdits(server);
    }

    @AfterAll
    static void stop() throws Exception {
        second.close();
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        inserter = Inserter.into(server, Ops.collection("items"));
    }

    @Test
    void removesAnAccountAMonthAfterItsLastChange() throws Exception {
        String old = inserter.insert(row("a", "{\"n\": 1}"), row("b", "[")).batchId();
        String young = inserter.insert(row("c", "{}")).batchId();
        rows.account(old, "updated_at = updated_at - INTERVAL 30 DAY");
        Waiting.until("the account is gone", () -> rowsOf(old) == 0);
        Refusal.of(() -> inserter.account(old)).has(Code.NOT_FOUND, ERROR_REASON_BATCH_NOT_FOUND);
        assertThat(inserter.account(young).getSucceededCount()).isEqualTo(1);
        assertThat(inserter.caller().data("items", "a")).isEqualTo("{\"n\": 1}");
    }

    @Test
    void keepsTheReplyOfADeletedBatchUntilItsRequestIdIsFree() throws Exception {
        Caller caller = inserter.caller();
        var request = caller.request(Ops.create("items", "a", "{}")).setRequestId("key").build();
        ExecuteBatchResponse first = server.batches().executeBatch(request);
        String id = first.getBatch().getBatchId();
        String other = inserter.insert(row("b", "{}")).batchId();
        delete(id);
        delete(other);
        Waiting.until("what needs no key is gone", () -> rowsOf(other) == 0);
        assertThat(server.batches().executeBatch(request))
                .isEqualTo(first.toBuilder().setReplayed(true).build());
        rows.account(id, "updated_at = updated_at - INTERVAL 1 DAY");
        Waiting.until("the account is gone", () -> rowsOf(id) == 0);
        var again = caller.request(Ops.create("items", "c", "{}")).setRequestId("key").build();
        assertThat(server.batches().executeBatch(again).getReplayed()).isFalse();
    }

    @Test
    void saysThatAPayloadHasExpiredAfterItIsRemovedToo() throws Exception {
        inserter.insert(row("taken", "{}"));
        String batchId = inserter.insert(row("taken", "{}")).batchId();
        rows.run(
                "UPDATE batch_failure SET kept_at = kept_at - INTERVAL 7 DAY WHERE batch_id = ?",
                batchId);
        Waiting.until(
                "the payload is gone",
                () ->
                        rows.number(
                                        "SELECT COUNT(*) FROM batch_failure WHERE batch_id = ?"
                                                + " AND payload IS NULL",
                                        batchId)
                                == 1);
        for (int i = 0; i < 2; i++) {
            InsertReply retry = inserter.retry(inserter.retryOf(batchId));
            assertThat(retry.error(0).getReason()).isEqualTo(ERROR_REASON_PAYLOAD_EXPIRED);
        }
    }

    @Test
    void forgetsARecordAMonthAfterItWasDeleted() throws Exception {
        Caller caller = inserter.caller();
        caller.execute(Ops.create("items", "gone", "{}"), Ops.create("items", "other", "{}"));
        caller.execute(Ops.delete("items", "gone"), Ops.delete("items", "other"));
        age("gone");
        Waiting.until(
                "the tombstone is gone",
                () -> rows.number("SELECT COUNT(*) FROM record WHERE id = 'gone'") == 0);
        caller.execute(Ops.create("items", "gone", "{}"), Ops.create("items", "other", "{}"));
        assertThat(caller.read("items", "gone").getVersion()).isEqualTo(1);
        assertThat(caller.read("items", "other").getVersion()).isEqualTo(3);
    }

    @Test
    void keepsARecordThatLivesAgain() throws Exception {
        Caller caller = inserter.caller();
        caller.execute(Ops.create("items", "twice", "{}"), Ops.create("items", "once", "{}"));
        caller.execute(Ops.delete("items", "twice"), Ops.delete("items", "once"));
        caller.execute(Ops.create("items", "twice", "{}"));
        age("twice");
        age("once");
        Waiting.until(
                "both tombstones are gone",
                () ->
                        rows.number(
                                        "SELECT COUNT(*) FROM record_tombstone"
                                                + " WHERE record_id IN ('twice', 'once')")
                                == 0);
        assertThat(caller.read("items", "twice").getVersion()).isEqualTo(3);
        assertThat(rows.number("SELECT COUNT(*) FROM record WHERE id = 'once'")).isZero();
    }

    @Test
    void notesEachDeletion() throws Exception {
        Caller caller = inserter.caller();
        caller.execute(Ops.create("items", "again", "{}"));
        caller.execute(Ops.delete("items", "again"));
        caller.execute(Ops.create("items", "again", "{}"), Ops.delete("items", "again"));
        caller.execute(Ops.create("items", "short", "{}"), Ops.delete("items", "short"));
        assertThat(rows.number("SELECT COUNT(*) FROM record_tombstone WHERE record_id = 'again'"))
                .isEqualTo(2);
        assertThat(
                        rows.number(
                                "SELECT COUNT(*) FROM record_tombstone t JOIN record r"
                                        + " ON r.collection_id = t.collection_id AND r.id = t.record_id"
                                        + " AND r.deleted_at = t.deleted_at"
                                        + " WHERE r.id IN ('again', 'short')"))
                .isEqualTo(2);
    }

    /** As if it had been deleted a month earlier. */
    private static void age(String id) throws Exception {
        rows.run("UPDATE record SET deleted_at = deleted_at - INTERVAL 30 DAY WHERE id = ?", id);
        rows.run(
                "UPDATE record_tombstone SET deleted_at = deleted_at - INTERVAL 30 DAY"
                        + " WHERE record_id = ?",
                id);
    }

    private static long rowsOf(String batchId) throws Exception {
        return rows.number(
                "SELECT (SELECT COUNT(*) FROM batch WHERE id = ?)"
                        + " + (SELECT COUNT(*) FROM batch_result WHERE batch_id = ?)"
                        + " + (SELECT COUNT(*) FROM batch_failure WHERE batch_id = ?)",
                batchId,
                batchId,
                batchId);
    }

    private void delete(String batchId) throws Exception {
        server.batches()
                .deleteBatch(
                        DeleteBatchRequest.newBuilder()
                                .setWorkspace(inserter.caller().workspace())
                                .setBatchId(batchId)
                                .build());
    }
}
