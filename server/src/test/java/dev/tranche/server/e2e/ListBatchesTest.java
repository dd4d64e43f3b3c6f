package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchKind;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.ListBatchesRequest;
import dev.tranche.v1.ListBatchesResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which batches a workspace has had. */
class ListBatchesTest {
    private static TestServer server;
    private Caller caller;
    private String first;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("--reply-bytes-max=64KiB");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    /** The batch that makes the collection is the first of each workspace. */
    @BeforeEach
    void enter() throws Exception {
        caller = Caller.of(server);
        first = list(request()).getBatches(0).getBatchId();
    }

    @Test
    void namesTheNewestFirst() throws Exception {
        String second = batch(Map.of());
        String third = batch(Map.of());
        ListBatchesResponse page = list(request());
        assertThat(ids(page)).containsExactly(third, second, first);
        assertThat(page.getTotalSize()).isEqualTo(3);
        assertThat(page.getNextPageToken()).isEmpty();
        for (Batch one : page.getBatchesList()) {
            assertThat(one)
                    .isEqualTo(
                            caller.batches()
                                    .getBatch(
                                            GetBatchRequest.newBuilder()
                                                    .setWorkspace(caller.workspace())
                                                    .setBatchId(one.getBatchId())
                                                    .build()));
        }
    }

    @Test
    void knowsOnlyItsOwnWorkspace() throws Exception {
        batch(Map.of());
        Caller other = Caller.of(server);
        assertThat(other.batches().listBatches(request().setWorkspace(other.workspace()).build()))
                .satisfies(page -> assertThat(page.getTotalSize()).isEqualTo(1));
    }

    @Test
    void filtersByKind() throws Exception {
        String insert = new Inserter(caller, "c").insert(row("{}")).batchId();
        assertThat(found(request().addKinds(BatchKind.BATCH_KIND_INSERT))).containsExactly(insert);
        assertThat(found(request().addKinds(BatchKind.BATCH_KIND_EXECUTE))).containsExactly(first);
        assertThat(
                        found(
                                request()
                                        .addKinds(BatchKind.BATCH_KIND_EXECUTE)
                                        .addKinds(BatchKind.BATCH_KIND_INSERT)))
                .containsExactly(insert, first);
    }

    @Test
    void filtersByTheStateThatCallersSee() throws Exception {
        String running = batch(Map.of());
        String lost = batch(Map.of());
        String interrupted = batch(Map.of());
        String noLease = batch(Map.of());
        RowEdits rows = new RowEdits(server);
        rows.account(
                running, "state = 'RUNNING', lease_until = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR");
        rows.account(lost, "state = 'RUNNING', lease_until = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND");
        rows.account(noLease, "state = 'RUNNING', lease_until = NULL");
        rows.account(interrupted, "state = 'INTERRUPTED'");
        assertThat(inState(BatchState.BATCH_STATE_RUNNING)).containsExactly(running);
        assertThat(inState(BatchState.BATCH_STATE_INTERRUPTED))
                .containsExactly(noLease, interrupted, lost);
        assertThat(inState(BatchState.BATCH_STATE_SUCCEEDED)).containsExactly(first);
        assertThat(inState(BatchState.BATCH_STATE_FAILED)).isEmpty();
        assertThat(inState(BatchState.BATCH_STATE_RUNNING, BatchState.BATCH_STATE_SUCCEEDED))
                .containsExactly(running, first);
    }

    @Test
    void filtersByCreator() throws Exception {
        String theirs = batch(Map.of());
        new RowEdits(server).account(theirs, "created_by = 'somebody'");
        assertThat(found(request().setCreatedBy("somebody"))).containsExactly(theirs);
        assertThat(found(request().setCreatedBy("anonymous"))).containsExactly(first);
        assertThat(found(request().setCreatedBy("Somebody"))).isEmpty();
        assertThat(found(request().setCreatedBy("x".repeat(255)))).isEmpty();
    }

    @Test
    void filtersByTimeToTheMicrosecond() throws Exception {
        RowEdits rows = new RowEdits(server);
        rows.account(first, "created_at = '2026-01-01 00:00:00.000001'");
        String second = batch(Map.of());
        rows.account(second, "created_at = '2026-01-01 00:00:00.000002'");
        Timestamp one = time(1_000);
        Timestamp two = time(2_000);
        assertThat(found(request().setCreatedFrom(one))).containsExactly(second, first);
        assertThat(found(request().setCreatedFrom(two))).containsExactly(second);
        assertThat(found(request().setCreatedFrom(time(1_001)))).containsExactly(second);
        assertThat(found(request().setCreatedFrom(time(2_001)))).isEmpty();
        assertThat(found(request().setCreatedBefore(one))).isEmpty();
        assertThat(found(request().setCreatedBefore(two))).containsExactly(first);
        assertThat(found(request().setCreatedBefore(time(1_001)))).containsExactly(first);
        assertThat(found(request().setCreatedFrom(one).setCreatedBefore(two)))
                .containsExactly(first);
        Timestamp earliest = Timestamp.newBuilder().setSeconds(-62_135_596_800L).build();
        Timestamp latest =
                Timestamp.newBuilder().setSeconds(253_402_300_799L).setNanos(999_999_999).build();
        assertThat(found(request().setCreatedFrom(earliest).setCreatedBefore(latest)))
                .containsExactly(second, first);
    }

    @Test
    void filtersByLabelsWhateverIsInThem() throws Exception {
        String odd = "a \"quoted\" \\ key";
        String search = batch(Map.of("team", "search", "stage", "1", odd, "\\\" 😀 é"));
        String other = batch(Map.of("team", "Search", "x\"team", "search", "stage", "1"));
        String tricky = batch(Map.of("a", "x,", ":", "v"));
        assertThat(labelled(Map.of("stage", "1"))).containsExactly(other, search);
        assertThat(labelled(Map.of("team", "search"))).containsExactly(search);
        assertThat(labelled(Map.of("team", "search", "stage", "1"))).containsExactly(search);
        assertThat(labelled(Map.of("team", "search", "stage", "2"))).isEmpty();
        assertThat(labelled(Map.of("team", "search "))).isEmpty();
        assertThat(labelled(Map.of("team", ""))).isEmpty();
        assertThat(labelled(Map.of(odd, "\\\" 😀 é"))).containsExactly(search);
        assertThat(labelled(Map.of("x\"team", "search"))).containsExactly(other);
        assertThat(labelled(Map.of(",", ":"))).isEmpty();
        assertThat(labelled(Map.of(":", "v", "a", "x,"))).containsExactly(tricky);
    }

    @Test
    void pagesStayWhileOthersSubmitMore() throws Exception {
        List<String> before = new ArrayList<>(List.of(first));
        for (int i = 0; i < 7; i++) {
            before.addFirst(batch(Map.of()));
        }
        // Of one moment, so that the ids decide.
        new RowEdits(server)
                .run(
                        "UPDATE batch SET created_at = '2026-01-01' WHERE workspace_id ="
                                + " (SELECT id FROM workspace WHERE live_name = ?)",
                        caller.workspace());
        List<String> seen = new ArrayList<>();
        List<Integer> totals = new ArrayList<>();
        var request = request().setPageSize(3);
        do {
            ListBatchesResponse page = list(request);
            seen.addAll(ids(page));
            totals.add(page.getTotalSize());
            request.setPageToken(page.getNextPageToken());
            batch(Map.of());
        } while (!request.getPageToken().isEmpty());
        assertThat(seen).isEqualTo(before);
        assertThat(totals).containsExactly(8, 9, 10);
    }

    @Test
    void endsAPageBeforeItIsTooLarge() throws Exception {
        Map<String, String> large = new java.util.HashMap<>();
        for (int i = 0; i < 32; i++) {
            large.put("k" + i, "v".repeat(255));
        }
        for (int i = 0; i < 20; i++) {
            batch(large);
        }
        int seen = 0;
        var request = request();
        do {
            ListBatchesResponse page = list(request);
            assertThat(page.getSerializedSize()).isLessThan(64 << 10);
            assertThat(page.getTotalSize()).isEqualTo(21);
            seen += page.getBatchesCount();
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        assertThat(seen).isEqualTo(21);
    }

    @Test
    void refusesTokensOfOtherListings() throws Exception {
        batch(Map.of("team", "search"));
        batch(Map.of("team", "search"));
        var all = request().setPageSize(1);
        String token = list(all).getNextPageToken();
        assertThat(list(all.clone().setPageToken(token).setPageSize(2)).getBatchesCount())
                .isEqualTo(2);
        refusesToken(request().putLabels("team", "search"), token);
        refusesToken(request().addKinds(BatchKind.BATCH_KIND_EXECUTE), token);
        refusesToken(request().addStates(BatchState.BATCH_STATE_SUCCEEDED), token);
        refusesToken(request().setCreatedBy("anonymous"), token);
        refusesToken(request().setCreatedFrom(time(0)), token);
        refusesToken(
                request()
                        .setCreatedBefore(
                                Timestamp.newBuilder().setSeconds(9_000_000_000L).build()),
                token);
        refusesToken(request().setWorkspace(Caller.of(server).workspace()), token);
        refusesToken(request(), token.substring(1));
        refusesToken(request(), "forged");
        refusesToken(request(), "%%%");
        String results =
                caller.batches()
                        .listBatchResults(
                                ListBatchResultsRequest.newBuilder()
                                        .setWorkspace(caller.workspace())
                                        .setBatchId(two())
                                        .setPageSize(1)
                                        .build())
                        .getNextPageToken();
        assertThat(results).isNotEmpty();
        refusesToken(request(), results);
    }

    @Test
    void refusesFiltersThatNobodyCanMean() throws Exception {
        refused(
                request()
                        .addKinds(BatchKind.BATCH_KIND_INSERT)
                        .addKindsValue(99)
                        .addKinds(BatchKind.BATCH_KIND_UNSPECIFIED)
                        .addStatesValue(77)
                        .addStates(BatchState.BATCH_STATE_UNSPECIFIED)
                        .setPageSize(-1)
                        .putLabels("", "v")
                        .putLabels("k", "v".repeat(10_000))
                        .setCreatedBy("x".repeat(256)),
                "kinds[1]",
                "kinds[2]",
                "states[0]",
                "states[1]",
                "page_size",
                "labels[\"\"]",
                "labels[\"k\"]",
                "created_by");
        refused(request().setCreatedFrom(time(2)).setCreatedBefore(time(2)), "created_before");
        refused(request().setCreatedFrom(time(-1)), "created_from");
        refused(request().setCreatedFrom(time(1_000_000_000)), "created_from");
        refused(
                request().setCreatedFrom(Timestamp.newBuilder().setSeconds(-62_135_596_801L)),
                "created_from");
        refused(
                request().setCreatedBefore(Timestamp.newBuilder().setSeconds(253_402_300_800L)),
                "created_before");
        refused(request().setWorkspace(""), "workspace");
        Refusal.of(() -> list(request().setWorkspace("nowhere")))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
    }

    private static void refused(ListBatchesRequest.Builder request, String... paths) {
        Refusal.of(() -> server.batches().listBatches(request.build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at(paths);
    }

    private static void refusesToken(ListBatchesRequest.Builder request, String token) {
        refused(request.setPageToken(token), "page_token");
    }

    private List<String> inState(BatchState... states) throws Exception {
        return found(request().addAllStates(List.of(states)));
    }

    private List<String> labelled(Map<String, String> labels) throws Exception {
        return found(request().putAllLabels(labels));
    }

    /** What a filter finds, which the total must agree with. */
    private List<String> found(ListBatchesRequest.Builder request) throws Exception {
        ListBatchesResponse page = list(request);
        assertThat(page.getTotalSize()).isEqualTo(page.getBatchesCount());
        return ids(page);
    }

    private static List<String> ids(ListBatchesResponse page) {
        return page.getBatchesList().stream().map(Batch::getBatchId).toList();
    }

    private ListBatchesRequest.Builder request() {
        return ListBatchesRequest.newBuilder().setWorkspace(caller.workspace());
    }

    private static ListBatchesResponse list(ListBatchesRequest.Builder request) throws Exception {
        return server.batches().listBatches(request.build());
    }

    private String batch(Map<String, String> labels) throws Exception {
        return server.batches()
                .executeBatch(
                        caller.request(Ops.upsert("c", "a", "{}")).putAllLabels(labels).build())
                .getBatch()
                .getBatchId();
    }

    /** A batch with two results. */
    private String two() throws Exception {
        return caller.execute(Ops.upsert("c", "a", "{}"), Ops.upsert("c", "b", "{}"))
                .getBatch()
                .getBatchId();
    }

    private static Timestamp time(int nanos) {
        return Timestamp.newBuilder().setSeconds(1_767_225_600L).setNanos(nanos).build();
    }
}
