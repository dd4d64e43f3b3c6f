package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_BATCH_DISABLED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RESPONSE_TOO_LARGE;
import static dev.tranche.v1.OnDelete.ON_DELETE_CASCADE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.GetLimitsRequest;
import dev.tranche.v1.Limits;
import dev.tranche.v1.ListRecordsRequest;
import dev.tranche.v1.ListRecordsResponse;
import dev.tranche.v1.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server with small limits: what just fits, and what is one too much. */
class SizesTest {
    private static final int RECORD_BYTES = 32 * 1024;

    private static TestServer server;
    private Caller caller;

    @BeforeAll
    static void start() throws Exception {
        server =
                TestServer.start(
                        "--operations-max=5",
                        "--record-bytes-max=32KiB",
                        "--request-bytes-max=128KiB",
                        "--reply-bytes-max=64KiB",
                        "--cascade-rows-max=2",
                        "--scan-records-max=2");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        caller = Caller.of(server);
    }

    @Test
    void saysItsLimits() throws Exception {
        Limits limits = server.batches().getLimits(GetLimitsRequest.getDefaultInstance());
        assertThat(limits.getOperationsMax()).isEqualTo(5);
        assertThat(limits.getRecordBytesMax()).isEqualTo(RECORD_BYTES);
        assertThat(limits.getRequestBytesMax()).isEqualTo(128 * 1024);
        assertThat(limits.getReplyBytesMax()).isEqualTo(64 * 1024);
        assertThat(limits.getCascadeRowsMax()).isEqualTo(2);
        assertThat(limits.getScanRecordsMax()).isEqualTo(2);
        assertThat(limits.getDataDepthMax()).isEqualTo(30);
        assertThat(limits.getSchemaBytesMax()).isEqualTo(256 * 1024);
        assertThat(limits.getCollectionConstraintsMax()).isEqualTo(16);
        assertThat(limits.getBatchesEnabled()).isTrue();
    }

    @Test
    void takesARecordOfExactlyTheLimitAndNotOneByteMore() throws Exception {
        caller.execute(Ops.create("c", "a", text(RECORD_BYTES)));
        Refusal refusal =
                caller.refused(
                        Ops.create("c", "x", "{}"), Ops.create("c", "b", text(RECORD_BYTES + 1)));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(1)
                .at("operations[1].create_record.data");
        assertThat(refusal.message()).contains("32769").contains("32768");
    }

    @Test
    void refusesAPatchThatMakesARecordTooLarge() throws Exception {
        caller.execute(Ops.create("c", "a", text(RECORD_BYTES)));
        caller.refused(Ops.update("c", "a", "{\"more\":1}"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(0);
    }

    @Test
    void countsTheOperations() throws Exception {
        Operation[] operations = new Operation[5];
        for (int i = 0; i < operations.length; i++) {
            operations[i] = Ops.create("c", "r" + i, "{}");
        }
        assertThat(caller.execute(operations).getResultsCount()).isEqualTo(5);
        Refusal refusal =
                caller.refused(() ->
                        caller.batches()
                                .executeBatch(
                                        caller.request(operations)
                                                .addOperations(operations[0])
                                                .build()));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED);
        assertThat(refusal.metadata()).containsEntry("actual", "6").containsEntry("limit", "5");
    }

    @Test
    void aMessageOverTheLimitIsRefusedByTheProtocol() throws Exception {
        Operation large = Ops.create("c", "", text(RECORD_BYTES));
        caller.execute(large, large, large);
        Refusal refusal = caller.refused(large, large, large, large);
        assertThat(refusal.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(caller.execute(Ops.create("c", "after", "{}")).getResultsCount()).isOne();
    }

    @Test
    void aReplyOverTheLimitCommitsNothing() throws Exception {
        caller.execute(Ops.create("c", "a", text(RECORD_BYTES)));
        Operation read = Ops.get("c", "a");
        assertThat(caller.execute(read).getResultsCount()).isOne();
        Refusal refusal = caller.refused(Ops.create("c", "b", "{}"), read, read);
        refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_RESPONSE_TOO_LARGE);
        assertThat(refusal.metadata()).containsEntry("limit", "65536").containsKey("actual");
        String batchId = refusal.metadata().get("batch_id");
        assertThat(
                        caller.batches()
                                .getBatch(
                                        GetBatchRequest.newBuilder()
                                                .setWorkspace(caller.workspace())
                                                .setBatchId(batchId)
                                                .build())
                                .getState())
                .isEqualTo(BatchState.BATCH_STATE_FAILED);
    }

    @Test
    void aPageEndsBeforeTheReplyGetsTooLarge() throws Exception {
        Operation large = Ops.create("c", "", text(RECORD_BYTES - 1024));
        caller.execute(large, large, large);
        List<Integer> sizes = new ArrayList<>();
        String token = "";
        do {
            ListRecordsResponse page =
                    server.records()
                            .listRecords(
                                    ListRecordsRequest.newBuilder()
                                            .setWorkspace(caller.workspace())
                                            .setCollection("c")
                                            .setPageToken(token)
                                            .build());
            sizes.add(page.getRecordsCount());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(sizes).containsExactly(2, 1);
    }

    @Test
    void limitsTheRelationshipsThatGoWithARecord() throws Exception {
        caller.execute(
                Ops.create("c", "a", "{}"),
                Ops.create("c", "b", "{}"),
                Ops.link("x", "c", "a", "b"),
                Ops.link("y", "c", "a", "b"),
                Ops.link("z", "c", "b", "a"));
        Refusal refusal = caller.refused(Ops.delete("c", "a"));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(0)
                .at("operations[0].delete_record.id");
        assertThat(refusal.message()).contains("--cascade-rows-max");
        caller.execute(Ops.unlink("z", "c", "b", "a"));
        caller.execute(Ops.delete("c", "a"));
    }

    @Test
    void countsNoCascadeOfWhatFailedOrWasRolledBack() throws Exception {
        caller.execute(
                Ops.collection("p"),
                Ops.pointing("k", Ops.reference("of", "p", ON_DELETE_CASCADE)),
                Ops.create("p", "a", "{}"),
                Ops.create("p", "b", "{}"));
        caller.execute(children("a", 2));
        caller.execute(children("b", 3));
        Operation missing = Ops.get("c", "missing");
        assertThat(outcomes(Ops.delete("p", "b"), Ops.delete("p", "a"), Ops.create("p", "a", "{}")))
                .containsExactly("FAILED", "DELETED", "INSERTED");
        caller.execute(children("a", 2));
        caller.execute(Ops.delete("k", "b2"));
        assertThat(
                        outcomes(
                                grouped(Ops.delete("p", "a")),
                                grouped(missing),
                                Ops.delete("p", "b"),
                                Ops.delete("p", "a")))
                .containsExactly("ROLLED_BACK", "FAILED", "DELETED", "FAILED");
    }

    private static Operation[] children(String of, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Ops.create("k", of + i, "{\"of\":\"" + of + "\"}"))
                .toArray(Operation[]::new);
    }

    private static Operation grouped(Operation operation) {
        return operation.toBuilder().setAtomicGroup("g").build();
    }

    private List<String> outcomes(Operation... operations) throws Exception {
        return caller.executeAndContinue(operations).getResultsList().stream()
                .map(one -> one.getOutcome().name().substring("OUTCOME_".length()))
                .toList();
    }

    @Test
    void limitsTheRecordsThatANewDefinitionIsHeldAgainst() throws Exception {
        caller.execute(Ops.create("c", "a", "{}"), Ops.create("c", "b", "{}"));
        caller.execute(Ops.schema("c", "{\"type\":\"object\"}"));
        caller.execute(Ops.create("c", "d", "{}"));
        Refusal refusal = caller.refused(Ops.schema("c", "{\"minProperties\":0}"));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED).because(0);
        assertThat(refusal.message()).contains("--scan-records-max");
    }

    @Test
    void aServerWithoutBatchesStillReads() throws Exception {
        caller.execute(Ops.create("c", "a", "{}"));
        try (TestServer readOnly = server.another("--batches-enabled=false")) {
            Caller reader = new Caller(readOnly, caller.workspace());
            reader.refused(Ops.create("c", "b", "{}"))
                    .has(Code.FAILED_PRECONDITION, ERROR_REASON_BATCH_DISABLED);
            assertThat(reader.data("c", "a")).isEqualTo("{}");
        }
    }

    /** A JSON object of exactly so many bytes. */
    private static String text(int bytes) {
        return "{\"t\":\"" + "x".repeat(bytes - 8) + "\"}";
    }
}
