package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.replacement;
import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_PAYLOAD_EXPIRED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_PAYLOAD_NOT_KEPT;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_ALREADY_EXISTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.GetLimitsRequest;
import dev.tranche.v1.InsertRecord;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long, and how much of it, the server keeps of what failed. */
class KeptPayloadsTest {
    private static TestServer server;
    private static RowEdits rows;
    private Inserter inserter;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("--kept-bytes-max=100B", "--kept-time=1h");
        rows = new RowEdits(server);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        inserter = Inserter.into(server, Ops.collection("items"));
        inserter.insert(row("taken", "{}"));
    }

    @Test
    void saysForHowLong() throws Exception {
        var limits = server.batches().getLimits(GetLimitsRequest.getDefaultInstance());
        assertThat(limits.getKeptTime().getSeconds()).isEqualTo(3_600);
        assertThat(limits.getAccountsTime().getSeconds()).isEqualTo(30 * 86_400);
    }

    @Test
    void keepsAPayloadForItsTimeAndNoLonger() throws Exception {
        String batchId = inserter.insert(row("taken", "{}"), row("taken", "{}")).batchId();
        age(batchId, 0, "INTERVAL 59 MINUTE");
        age(batchId, 1, "INTERVAL 1 HOUR");
        InsertReply retry = inserter.retry(inserter.retryOf(batchId));
        assertThat(retry.error(0).getReason()).isEqualTo(ERROR_REASON_RECORD_ALREADY_EXISTS);
        assertThat(retry.error(1).getReason()).isEqualTo(ERROR_REASON_PAYLOAD_EXPIRED);
        assertThat(retry.error(1).getCode()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(retry.error(1).getMessage()).contains("record 1", "3600 s", "replacement");
        assertThat(retry.error(1).getRetryable()).isFalse();
        InsertReply again = inserter.retry(inserter.retryOf(batchId));
        assertThat(again.error(0).getReason()).isEqualTo(ERROR_REASON_RECORD_ALREADY_EXISTS);
        assertThat(again.error(1).getReason()).isEqualTo(ERROR_REASON_PAYLOAD_EXPIRED);
        InsertReply replaced =
                inserter.retry(
                        inserter.retryOf(batchId).addReplacements(replacement(1, row("b", "{}"))));
        assertThat(replaced.result(1).getRecordId()).isEqualTo("b");
    }

    @Test
    void keepsItAnewAfterEveryAttempt() throws Exception {
        String batchId = inserter.insert(row("taken", "{}")).batchId();
        age(batchId, 0, "INTERVAL 59 MINUTE");
        inserter.retry(inserter.retryOf(batchId));
        long minutes =
                rows.number(
                        "SELECT TIMESTAMPDIFF(MINUTE, kept_at, UTC_TIMESTAMP(6)) FROM batch_failure"
                                + " WHERE batch_id = ?",
                        batchId);
        assertThat(minutes).isLessThan(30);
    }

    @Test
    void keepsSoManyBytesOfABatchAllAttemptsTogether() throws Exception {
        String batchId =
                inserter.insert(taken(60), taken(40), taken(10), taken(9), row("new", "{}"))
                        .batchId();
        assertThat(bytes(batchId)).isEqualTo(100);
        InsertReply retry = inserter.retry(inserter.retryOf(batchId));
        assertThat(retry.error(1).getReason()).isEqualTo(ERROR_REASON_RECORD_ALREADY_EXISTS);
        assertThat(retry.error(2).getReason()).isEqualTo(ERROR_REASON_PAYLOAD_NOT_KEPT);
        assertThat(bytes(batchId)).isEqualTo(100);
        inserter.retry(
                inserter.retryOf(batchId)
                        .addReplacements(replacement(3, taken(9)))
                        .addRetryIndices(3));
        assertThat(bytes(batchId)).as("no room for it").isEqualTo(100);
        inserter.retry(
                inserter.retryOf(batchId)
                        .addReplacements(replacement(1, row("fresh", "{}")))
                        .addRetryIndices(1));
        assertThat(bytes(batchId)).isEqualTo(60);
        inserter.retry(
                inserter.retryOf(batchId)
                        .addReplacements(replacement(2, taken(40)))
                        .addReplacements(replacement(3, taken(9)))
                        .addRetryIndices(2));
        assertThat(bytes(batchId)).as("room for the first of them").isEqualTo(100);
    }

    @Test
    void takesLessRoomThanItsPayloads() throws Exception {
        try (TestServer roomy = TestServer.start()) {
            Inserter there = Inserter.into(roomy, Ops.collection("items"));
            there.insert(row("taken", "{}"));
            String text = "{\"text\": \"" + "the same again ".repeat(3_000) + "\"}";
            String batchId =
                    there.insert(IntStream.range(0, 100).mapToObj(i -> row("taken", text)).toList())
                            .batchId();
            RowEdits edits = new RowEdits(roomy);
            edits.run("ANALYZE TABLE batch_failure");
            long stored =
                    edits.number(
                            "SELECT data_length FROM information_schema.tables WHERE table_schema"
                                    + " = DATABASE() AND table_name = 'batch_failure'");
            long kept = 100L * text.length();
            assertThat(
                            edits.number(
                                    "SELECT SUM(OCTET_LENGTH(payload)) FROM batch_failure"
                                            + " WHERE batch_id = ?",
                                    batchId))
                    .isEqualTo(kept);
            assertThat(stored).isLessThan(kept / 4);
        }
    }

    /** A record that fails, of so many bytes. */
    private static InsertRecord taken(int bytes) {
        return row("taken", "{\"n\":\"" + "x".repeat(bytes - 8) + "\"}");
    }

    private static long bytes(String batchId) throws Exception {
        return rows.number(
                "SELECT SUM(OCTET_LENGTH(payload)) FROM batch_failure WHERE batch_id = ?", batchId);
    }

    private static void age(String batchId, int index, String by) throws Exception {
        int changed =
                rows.run(
                        "UPDATE batch_failure SET kept_at = kept_at - "
                                + by
                                + " WHERE batch_id = ? AND item_index = ?",
                        batchId,
                        index);
        assertThat(changed).isEqualTo(1);
    }
}
