package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REQUEST_ID_REUSED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the idempotency key of a caller promises. */
class RequestIdsTest {
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
    void repliesToARepeatedCallWithTheFirstReply() throws Exception {
        ExecuteBatchRequest request =
                keyed(
                        Ops.create("c", "", "{\"n\":1}"),
                        Ops.named("it", Ops.create("c", "a", "{\"n\":1}")),
                        Ops.get("c", "${it.id}"));
        ExecuteBatchResponse first = send(request);
        assertThat(first.getReplayed()).isFalse();
        caller.execute(Ops.update("c", "a", "{\"n\":2}"));
        Contents before = Contents.of(server);
        ExecuteBatchResponse second = send(request);
        assertThat(Contents.of(server)).isEqualTo(before);
        assertThat(second).isEqualTo(first.toBuilder().setReplayed(true).build());
        assertThat(second.getResults(2).getRecord().getData().getFieldsMap().get("n"))
                .isEqualTo(Value.newBuilder().setNumberValue(1).build());
    }

    @Test
    void repliesTheSameFromAnotherServer() throws Exception {
        ExecuteBatchRequest request = keyed(Ops.create("c", "a", "{}"), Ops.get("c", "a"));
        ExecuteBatchResponse first = send(request);
        try (TestServer other = server.another()) {
            assertThat(other.batches().executeBatch(request))
                    .isEqualTo(first.toBuilder().setReplayed(true).build());
        }
    }

    @Test
    void repliesTheItemsThatFailedToo() throws Exception {
        ExecuteBatchRequest request =
                keyed(Ops.delete("c", "nobody"), Ops.create("c", "a", "{}")).toBuilder()
                        .setOnError(OnError.ON_ERROR_CONTINUE)
                        .build();
        ExecuteBatchResponse first = send(request);
        assertThat(send(request)).isEqualTo(first.toBuilder().setReplayed(true).build());
    }

    @Test
    void refusesOtherContentUnderTheSameKey() throws Exception {
        ExecuteBatchResponse first = send(keyed(Ops.create("c", "a", "{\"n\":1}")));
        for (Operation other :
                new Operation[] {
                    Ops.create("c", "a", "{\"n\":2}"),
                    Ops.create("c", "a", "{\"n\":\"1\"}"),
                    Ops.create("c", "b", "{\"n\":1}"),
                    Ops.upsert("c", "a", "{\"n\":1}"),
                    Ops.named("x", Ops.create("c", "a", "{\"n\":1}"))
                }) {
            Refusal refusal = caller.refused(() -> send(keyed(other)));
            refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_REQUEST_ID_REUSED);
            assertThat(refusal.metadata()).containsEntry("batch_id", first.getBatch().getBatchId());
        }
        caller.refused(() ->
                        send(
                                keyed(Ops.create("c", "a", "{\"n\":1}")).toBuilder()
                                        .setOnError(OnError.ON_ERROR_CONTINUE)
                                        .build()))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REQUEST_ID_REUSED);
    }

    @Test
    void comparesContentByValueNotByBytes() throws Exception {
        ExecuteBatchResponse first =
                send(keyed(Ops.create("c", "a", "{\"n\":1,\"m\":{\"x\":1,\"y\":2}}")));
        ExecuteBatchResponse other =
                send(keyed(Ops.create("c", "a", "{ \"m\":{\"y\":2.0,\"x\":1e0}, \"n\":1.0 }")));
        assertThat(other).isEqualTo(first.toBuilder().setReplayed(true).build());
    }

    @Test
    void comparesStructAndTextByValue() throws Exception {
        ExecuteBatchResponse first = send(keyed(Ops.create("c", "a", "{\"n\":1}")));
        Struct same =
                Struct.newBuilder()
                        .putFields("n", Value.newBuilder().setNumberValue(1).build())
                        .build();
        assertThat(send(keyed(Ops.create("c", "a", same))))
                .isEqualTo(first.toBuilder().setReplayed(true).build());
    }

    @Test
    void spellingOutTheDefaultIsTheSameContent() throws Exception {
        ExecuteBatchRequest request = keyed(Ops.create("c", "a", "{}"));
        ExecuteBatchResponse first = send(request);
        ExecuteBatchResponse second =
                send(request.toBuilder().setOnError(OnError.ON_ERROR_ROLLBACK).build());
        assertThat(second).isEqualTo(first.toBuilder().setReplayed(true).build());
    }

    @Test
    void aFailedCallBindsNothingAndRunsAgainUnderItsBatchId() throws Exception {
        ExecuteBatchRequest request = keyed(Ops.update("c", "a", "{\"n\":2}"));
        Refusal first = caller.refused(() -> send(request));
        first.has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND);
        Refusal second = caller.refused(() -> send(request));
        String batchId = first.failure().getBatchId();
        assertThat(second.failure().getBatchId()).isEqualTo(batchId);
        caller.execute(Ops.create("c", "a", "{\"n\":1}"));
        ExecuteBatchResponse third = send(request);
        assertThat(third.getReplayed()).isFalse();
        assertThat(third.getBatch().getBatchId()).isEqualTo(batchId);
        assertThat(third.getBatch().getState()).isEqualTo(BatchState.BATCH_STATE_SUCCEEDED);
        assertThat(third.getBatch().hasFailure()).isFalse();
        assertThat(send(request)).isEqualTo(third.toBuilder().setReplayed(true).build());
        assertThat(caller.read("c", "a").getVersion()).isEqualTo(2);
    }

    @Test
    void aFailedCallMakesRoomForOtherContent() throws Exception {
        Refusal first = caller.refused(() -> send(keyed(Ops.delete("c", "nobody"))));
        ExecuteBatchResponse second = send(keyed(Ops.create("c", "a", "{}")));
        assertThat(second.getReplayed()).isFalse();
        assertThat(second.getBatch().getBatchId()).isEqualTo(first.failure().getBatchId());
    }

    @Test
    void aKeyBelongsToItsWorkspace() throws Exception {
        send(keyed(Ops.create("c", "a", "{}")));
        Caller other = Caller.of(server);
        ExecuteBatchResponse reply =
                other.batches()
                        .executeBatch(
                                other.request(Ops.create("c", "b", "{}"))
                                        .setRequestId("key")
                                        .build());
        assertThat(reply.getReplayed()).isFalse();
    }

    @Test
    void keysDifferIfTheirBytesDo() throws Exception {
        for (String key : new String[] {"key", "Key", "key ", "~".repeat(64)}) {
            ExecuteBatchResponse reply =
                    send(caller.request(Ops.create("c", key, "{}")).setRequestId(key).build());
            assertThat(reply.getReplayed()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tab\tinside", "ümlaut", "65 of them"})
    void refusesAKeyThatIsNone(String key) throws Exception {
        String given = key.equals("65 of them") ? "x".repeat(65) : key;
        caller.refused(() ->
                        send(
                                caller.request(Ops.create("c", "a", "{}"))
                                        .setRequestId(given)
                                        .build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("request_id");
    }

    private ExecuteBatchRequest keyed(Operation... operations) {
        return caller.request(operations).setRequestId("key").build();
    }

    private static ExecuteBatchResponse send(ExecuteBatchRequest request) throws Exception {
        return server.batches().executeBatch(request);
    }
}
