package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_ID_REUSED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetBatchRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The labels that a caller gives a batch. */
class LabelsTest {
    private static TestServer server;
    private Caller caller;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
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
    void echoesThemInEveryAnswer() throws Exception {
        Map<String, String> labels =
                Map.of("team", "search ✈", "a \"quoted\" \\ key", "", "😀", "1");
        ExecuteBatchRequest request = labelled(labels).setRequestId("key").build();
        ExecuteBatchResponse first = server.batches().executeBatch(request);
        assertThat(first.getBatch().getLabelsMap()).isEqualTo(labels);
        assertThat(batch(first.getBatch().getBatchId())).isEqualTo(first.getBatch());
        assertThat(server.batches().executeBatch(request))
                .isEqualTo(first.toBuilder().setReplayed(true).build());
    }

    @Test
    void keepsThemWithACallThatFailed() throws Exception {
        ExecuteBatchRequest request =
                caller.request(Ops.get("c", "nobody")).putLabels("team", "search").build();
        Refusal refusal = caller.refused(() -> server.batches().executeBatch(request));
        refusal.has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND);
        assertThat(batch(refusal.failure().getBatchId()).getLabelsMap())
                .isEqualTo(Map.of("team", "search"));
    }

    @Test
    void takesTheLabelsOfTheCallThatRunsAgain() throws Exception {
        ExecuteBatchRequest failing =
                caller.request(Ops.get("c", "nobody"))
                        .setRequestId("key")
                        .putLabels("try", "1")
                        .build();
        caller.refused(() -> server.batches().executeBatch(failing));
        Batch again =
                server.batches()
                        .executeBatch(labelled(Map.of("try", "2")).setRequestId("key").build())
                        .getBatch();
        assertThat(again.getLabelsMap()).isEqualTo(Map.of("try", "2"));
        assertThat(batch(again.getBatchId())).isEqualTo(again);
    }

    @Test
    void areContentInWhateverOrderTheyCome() throws Exception {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("a", "1");
        labels.put("b", "2");
        ExecuteBatchRequest request = labelled(labels).setRequestId("key").build();
        ExecuteBatchResponse first = server.batches().executeBatch(request);
        ExecuteBatchRequest backwards =
                request.toBuilder().clearLabels().putLabels("b", "2").putLabels("a", "1").build();
        assertThat(server.batches().executeBatch(backwards).getReplayed()).isTrue();
        for (ExecuteBatchRequest other :
                new ExecuteBatchRequest[] {
                    request.toBuilder().clearLabels().build(),
                    request.toBuilder().putLabels("a", "2").build(),
                    request.toBuilder().clearLabels().putLabels("a", "1b2").build(),
                    request.toBuilder().putLabels("c", "").build()
                }) {
            Refusal refusal = caller.refused(() -> server.batches().executeBatch(other));
            refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_REQUEST_ID_REUSED);
            assertThat(refusal.metadata()).containsEntry("batch_id", first.getBatch().getBatchId());
        }
    }

    @Test
    void takesTheMostAndTheLongest() throws Exception {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("é".repeat(31) + "k", "\"".repeat(255));
        for (int i = labels.size(); i < 32; i++) {
            labels.put("k" + i, "\\".repeat(255));
        }
        Batch batch = server.batches().executeBatch(labelled(labels).build()).getBatch();
        assertThat(batch.getLabelsMap()).isEqualTo(labels);
        assertThat(batch(batch.getBatchId())).isEqualTo(batch);
    }

    @Test
    void refusesOneTooMany() throws Exception {
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < 33; i++) {
            labels.put("k" + i, "v");
        }
        Refusal refusal = refused(labels).at("labels");
        assertThat(refusal.message()).contains("33 given, at most 32 allowed");
    }

    @Test
    void refusesWhatIsNoKeyOrValue() throws Exception {
        refused(Map.of("", "v")).at("labels[\"\"]");
        refused(Map.of("a\tb", "v")).at("labels[\"a\\tb\"]");
        refused(Map.of("team", "line\nbreak")).at("labels[\"team\"]");
        assertThat(refused(Map.of("team", "v".repeat(256))).at("labels[\"team\"]").message())
                .contains("256 bytes given, at most 255 allowed");
        assertThat(refused(Map.of("k".repeat(64), "v")).at("labels[\"" + "k".repeat(60) + "…\"]"))
                .satisfies(it -> assertThat(it.message()).contains("64", "at most 63 allowed"));
    }

    @Test
    void namesEveryLabelThatIsWrong() throws Exception {
        refused(Map.of("a", "\u0000", "b", "fine", "c\"", "\u007f"))
                .at("labels[\"a\"]", "labels[\"c\\\"\"]");
    }

    private Refusal refused(Map<String, String> labels) throws Exception {
        return caller.refused(() -> server.batches().executeBatch(labelled(labels).build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
    }

    private ExecuteBatchRequest.Builder labelled(Map<String, String> labels) {
        return caller.request(Ops.upsert("c", "a", "{}")).putAllLabels(labels);
    }

    private Batch batch(String id) throws Exception {
        return server.batches()
                .getBatch(
                        GetBatchRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setBatchId(id)
                                .build());
    }
}
