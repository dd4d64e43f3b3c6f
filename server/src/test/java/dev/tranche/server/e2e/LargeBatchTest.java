package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RESPONSE_TOO_LARGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import dev.tranche.db.ScratchDatabase;
import dev.tranche.v1.BatchServiceGrpc.BatchServiceBlockingV2Stub;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.ListBatchResultsResponse;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.ResultView;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand operations in one call, on a server with 256 MiB of heap. */
class LargeBatchTest {
    private static final int COUNT = 10_000;
    private static final int REQUEST_BYTES_MAX = 16 << 20;
    private static final int REPLY_BYTES_MAX = 4 << 20;

    @TempDir static Path folder;
    private static ScratchDatabase database;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws Exception {
        database = ScratchDatabase.createEmpty();
        server =
                ServerProcess.start(
                        folder,
                        database.jdbcUrl(),
                        database.user(),
                        database.password(),
                        "--operations-max=" + COUNT,
                        "--transaction-time-max=60s",
                        "--lease=60s");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        database.close();
    }

    @BeforeEach
    void collections() throws Exception {
        execute(Ops.dropCollection("c").toBuilder());
        execute(
                Ops.schema(
                        "c",
                        "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}",
                        Ops.unique("by_n", "n"))
                        .toBuilder());
    }

    @Test
    void doesTenThousandOperationsOfAllTypes() throws Exception {
        ExecuteBatchResponse created = execute(request(i -> create(i, 100)));
        assertThat(outcomes(created)).containsOnly(Outcome.OUTCOME_INSERTED).hasSize(COUNT);
        ExecuteBatchResponse mixed = execute(request(LargeBatchTest::mixed));
        assertThat(mixed.getBatch().getSucceededCount()).isEqualTo(COUNT);
        assertThat(outcomes(mixed).subList(0, 7))
                .containsExactly(
                        Outcome.OUTCOME_UPDATED,
                        Outcome.OUTCOME_INSERTED,
                        Outcome.OUTCOME_UPDATED,
                        Outcome.OUTCOME_READ,
                        Outcome.OUTCOME_INSERTED,
                        Outcome.OUTCOME_DELETED,
                        Outcome.OUTCOME_UNCHANGED);
        assertThat(live()).isEqualTo(COUNT + seventh(1) - seventh(5));
    }

    @Test
    void doesTenThousandOperationsOfSixteenMebibytes() throws Exception {
        ExecuteBatchRequest request = request(i -> create(i, 1_590));
        assertThat(request.getSerializedSize())
                .isBetween(REQUEST_BYTES_MAX - (1 << 20), REQUEST_BYTES_MAX);
        assertThat(outcomes(execute(request))).hasSize(COUNT);
        assertThat(live()).isEqualTo(COUNT);
        ExecuteBatchRequest replacing = request(i -> replace(i, 1_590));
        assertThat(outcomes(execute(replacing))).containsOnly(Outcome.OUTCOME_UPDATED);
    }

    /** A value takes many times the memory that its text does. */
    @Test
    void doesTenThousandOperationsOfAsManyValuesAsFit() throws Exception {
        ExecuteBatchRequest request = request(i -> Ops.create("c", id(i), numbers(i, 400)));
        assertThat(request.getSerializedSize())
                .isBetween(REQUEST_BYTES_MAX - (2 << 20), REQUEST_BYTES_MAX);
        assertThat(outcomes(execute(request))).hasSize(COUNT);
        assertThat(live()).isEqualTo(COUNT);
    }

    @Test
    void doesTenThousandOperationsOfAsManyObjectsAsFit() throws Exception {
        String data = "{\"a\":[" + "{},".repeat(500) + "{}]}";
        assertThat(outcomes(execute(request(i -> Ops.create("c", id(i), data))))).hasSize(COUNT);
        assertThat(outcomes(execute(request(i -> Ops.upsert("c", id(i), data)))))
                .containsOnly(Outcome.OUTCOME_UNCHANGED);
    }

    @Test
    void doesTenThousandOperationsOfStructs() throws Exception {
        ExecuteBatchRequest request = request(i -> Ops.create("c", id(i), struct(i, 140)));
        assertThat(request.getSerializedSize())
                .isBetween(REQUEST_BYTES_MAX - (2 << 20), REQUEST_BYTES_MAX);
        assertThat(outcomes(execute(request))).hasSize(COUNT);
        assertThat(live()).isEqualTo(COUNT);
    }

    @Test
    void findsOutWhatTenThousandWouldDo() throws Exception {
        ExecuteBatchRequest request =
                request(i -> create(i, 1_590)).toBuilder().setValidateOnly(true).build();
        assertThat(outcomes(execute(request)))
                .containsOnly(Outcome.OUTCOME_INSERTED)
                .hasSize(COUNT);
        assertThat(live()).isZero();
    }

    @Test
    void answersAsMuchAsFits() throws Exception {
        ExecuteBatchResponse reply =
                execute(
                        request(i -> create(i, 60)).toBuilder()
                                .setResultView(ResultView.RESULT_VIEW_FULL)
                                .setRequestId("as much as fits")
                                .build());
        assertThat(reply.getSerializedSize()).isBetween(REPLY_BYTES_MAX / 2, REPLY_BYTES_MAX);
        assertThat(reply.getResults(COUNT - 1).getRecord().getId()).isEqualTo(id(COUNT - 1));
    }

    @Test
    void commitsNothingIfTheReplyWouldBeFarTooLarge() throws Exception {
        execute(Ops.create("c", "large", "{\"t\":\"" + "x".repeat(1_000_000) + "\"}").toBuilder());
        Refusal refusal =
                Refusal.of(() ->
                        execute(request(i -> i == 0 ? create(0, 10) : Ops.get("c", "large"))));
        refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_RESPONSE_TOO_LARGE);
        assertThat(refusal.metadata()).containsEntry("limit", Integer.toString(REPLY_BYTES_MAX));
        assertThat(Integer.parseInt(refusal.metadata().get("actual")))
                .isBetween(REPLY_BYTES_MAX, 2 * REPLY_BYTES_MAX);
        assertThat(live()).isOne();
    }

    /** As a Struct they would fit, for that has no white space; as they are stored they would not. */
    @Test
    void commitsNothingIfTheResultsCouldNotBeKept() throws Exception {
        execute(Ops.create("c", "wide", "{" + " ".repeat(1_000_000) + "}").toBuilder());
        Refusal refusal =
                Refusal.of(
                        () -> execute(request(i -> i == 0 ? create(0, 10) : Ops.get("c", "wide"))));
        refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_RESPONSE_TOO_LARGE);
        assertThat(live()).isOne();
    }

    @Test
    void saysThatAllTenThousandFailed() throws Exception {
        Refusal refusal = Refusal.of(() -> execute(request(i -> Ops.get("c", "nobody" + i))));
        refusal.has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND);
        assertThat(refusal.failure().getTotalCount()).isEqualTo(COUNT);
        assertThat(refusal.message()).contains("9999 more");
        assertThat(refusal.encodedSize()).isLessThan(4_096);
        assertThat(refusal.message().getBytes(UTF_8)).hasSizeLessThan(512);
        List<RecordResult> all = storedResults(refusal.failure().getBatchId());
        assertThat(all).hasSize(COUNT);
        for (int i = 0; i < COUNT; i++) {
            assertThat(all.get(i).getIndex()).isEqualTo(i);
            assertThat(all.get(i).getError().getMessage()).contains("\"nobody" + i + "\"");
        }
    }

    private static List<RecordResult> storedResults(String batchId) throws Exception {
        ListBatchResultsRequest.Builder request =
                ListBatchResultsRequest.newBuilder()
                        .setWorkspace("default")
                        .setBatchId(batchId)
                        .setPageSize(1_000);
        List<RecordResult> all = new ArrayList<>();
        do {
            ListBatchResultsResponse page = server.batches().listBatchResults(request.build());
            all.addAll(page.getResultsList());
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return all;
    }

    private static Operation mixed(int i) {
        return switch (i % 7) {
            case 0 -> Ops.update("c", id(i), "{\"more\":\"" + "y".repeat(100) + "\"}");
            case 1 -> Ops.create("c", "new" + i, "{\"n\":" + (COUNT + i) + text(100) + "}");
            case 2 -> Ops.upsert("c", id(i), "{\"n\":" + -i + text(100) + "}");
            case 3 -> Ops.get("c", id(i));
            case 4 -> Ops.link("next", "c", id(i - 3), id(i - 4));
            case 5 -> Ops.delete("c", id(i));
            default -> Ops.upsert("c", id(i), "{\"n\":" + i + text(100) + "}");
        };
    }

    /** How many of the operations are the n-th of seven. */
    private static int seventh(int n) {
        return (COUNT - n + 6) / 7;
    }

    private static Operation create(int i, int bytes) {
        return Ops.create("c", id(i), "{\"n\":" + i + text(bytes) + "}");
    }

    private static Operation replace(int i, int bytes) {
        return Ops.upsert("c", id(i), "{\"n\":" + (COUNT + i) + text(bytes) + "}");
    }

    private static String numbers(int i, int count) {
        return "{\"n\":"
                + i
                + ",\"a\":"
                + IntStream.range(100, 100 + count).boxed().toList().toString().replace(" ", "")
                + "}";
    }

    private static Struct struct(int i, int count) {
        ListValue.Builder list = ListValue.newBuilder();
        for (int n = 0; n < count; n++) {
            list.addValues(Value.newBuilder().setNumberValue(1_000 + n));
        }
        return Struct.newBuilder()
                .putFields("n", Value.newBuilder().setNumberValue(i).build())
                .putFields("a", Value.newBuilder().setListValue(list).build())
                .build();
    }

    /** Members of a record, so many bytes of them. */
    private static String text(int bytes) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; members.length() < bytes; i++) {
            int left = Math.max(0, Math.min(40, bytes - members.length() - 12));
            members.append(",\"f%02d\":\"%s\"".formatted(i, "x".repeat(left)));
        }
        return members.toString();
    }

    private static String id(int i) {
        return "record-%05d".formatted(i);
    }

    private static ExecuteBatchRequest request(IntFunction<Operation> operation) {
        List<Operation> operations = new ArrayList<>(COUNT);
        for (int i = 0; i < COUNT; i++) {
            operations.add(operation.apply(i));
        }
        return ExecuteBatchRequest.newBuilder()
                .setWorkspace("default")
                .addAllOperations(operations)
                .build();
    }

    private static ExecuteBatchResponse execute(Operation.Builder operation) throws Exception {
        if (operation.hasDeleteCollection()) {
            operation.getDeleteCollectionBuilder().setAllowMissing(true);
        }
        return execute(
                ExecuteBatchRequest.newBuilder()
                        .setWorkspace("default")
                        .addOperations(operation)
                        .build());
    }

    private static ExecuteBatchResponse execute(ExecuteBatchRequest request) throws Exception {
        BatchServiceBlockingV2Stub batches = server.batches();
        return batches.withDeadlineAfter(60, SECONDS).executeBatch(request);
    }

    private static List<Outcome> outcomes(ExecuteBatchResponse reply) {
        return reply.getResultsList().stream().map(OperationResult::getOutcome).toList();
    }

    /** Records of live collections that are there. */
    private static int live() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "SELECT COUNT(*) FROM record JOIN collection ON collection.id ="
                                        + " record.collection_id WHERE collection.deleted_at IS NULL"
                                        + " AND record.deleted_at IS NULL")) {
            found.next();
            return found.getInt(1);
        }
    }
}
