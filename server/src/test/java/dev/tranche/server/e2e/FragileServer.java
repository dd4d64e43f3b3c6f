package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.GetWorkspaceRequest;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.Outcome;
import io.grpc.Status;
import io.grpc.StatusException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A server whose one connection to the database can be cut while it runs a batch.
 *
 * @param direct one that has the same database for itself
 * @param database to see what is really there
 */
record FragileServer(TestServer direct, Connection database, PacketProxy proxy, TestServer server)
        implements AutoCloseable {

    /**
     * Touches every table: rows are inserted, changed and deleted, a unique value changes hands. What
     * would be loaded in several rounds is left out: surrogate ids are random, so the locks would be
     * in order for one workspace and not for the next, and the packets not the same ones.
     */
    private static final List<Operation> BATCH =
            List.of(
                    Ops.named("post", Ops.create("posts", "d", "{\"title\":\"D\"}")),
                    Ops.referring(Ops.create("tags", "", "{\"of\":\"${post.id}\"}")),
                    Ops.update("posts", "a", "{\"title\":\"A2\"}"),
                    Ops.delete("posts", "c"),
                    Ops.upsert("posts", "e", "{\"title\":\"C\"}"),
                    Ops.upsert("posts", "b", "{\"title\":\"B\"}"),
                    Ops.create("comments", "y", "{\"post\":\"d\"}"),
                    Ops.link("next", "posts", "a", "d"),
                    Ops.unlink("next", "posts", "a", "b"),
                    Ops.collection("tags", Ops.unique("by_of", "of")),
                    Ops.get("posts", "a"));

    /** Starts it; it has run the batch before. */
    static FragileServer before(TestServer direct) throws Exception {
        PacketProxy proxy = PacketProxy.before(direct.database());
        FragileServer fragile =
                new FragileServer(
                        direct,
                        direct.connection(),
                        proxy,
                        direct.behind(
                                proxy.port(),
                                "--transaction-time-max=1s",
                                "--lease=1s",
                                "--db-connections-max=1"));
        Waiting.until("it is quick enough", () -> fragile.answer(fragile.request(false)).isOk());
        return fragile;
    }

    @Override
    public void close() throws IOException, SQLException {
        server.close();
        proxy.close();
        database.close();
    }

    /**
     * How the batch goes when nothing disturbs it.
     *
     * @param prepared whether the connection has run such a batch before
     * @param packets of its transaction
     * @param commit number of the one that asks for COMMIT
     */
    record Uncut(
            boolean keyed,
            boolean prepared,
            int packets,
            int commit,
            List<Outcome> outcomes,
            Stored before,
            Stored after) {}

    /** Runs the batch undisturbed, with a request id or without. */
    Uncut uncut(boolean keyed, boolean prepared) throws Exception {
        prepare(keyed, prepared);
        ExecuteBatchRequest request = request(keyed);
        Stored before = stored(request);
        Cut counter = Cut.nowhere();
        proxy.cut(counter);
        ExecuteBatchResponse reply = server.batches().executeBatch(request);
        return new Uncut(
                keyed,
                prepared,
                counter.packets(),
                counter.commit(),
                outcomes(reply),
                before,
                stored(request));
    }

    /**
     * Runs the batch with a cut in it, compares what its caller is told with what is stored, and
     * repeats it where a caller would.
     *
     * @return the reason it failed for; empty if it did not
     */
    String truthAfter(Cut cut, Uncut whole) throws Exception {
        prepare(whole.keyed(), whole.prepared());
        ExecuteBatchRequest request = request(whole.keyed());
        proxy.cut(cut);
        Answer answer = answer(request);
        proxy.heal();
        proxy.awaitLost();
        String what = cut + ", answered " + answer;
        assertThat(cut.isDone()).as(what).isTrue();
        boolean stands = stands(answer, request);
        assertThat(stored(request)).as(what).isEqualTo(stands ? whole.after() : whole.before());
        if (answer.reply() != null) {
            assertThat(outcomes(answer.reply())).as(what).isEqualTo(whole.outcomes());
        }
        awaitDatabase();
        if (whole.keyed() || !stands) {
            ExecuteBatchResponse again = server.batches().executeBatch(request);
            assertThat(again.getReplayed()).as(what).isEqualTo(stands);
            assertThat(outcomes(again)).as(what).isEqualTo(whole.outcomes());
            assertThat(stored(request)).as(what).isEqualTo(whole.after());
        }
        return answer.refusal() == null ? "" : answer.refusal().reason();
    }

    /**
     * Sees to it that the packets are the same ones each time: of a connection that has the statements
     * of the batch prepared, or of a new one that has not.
     */
    private void prepare(boolean keyed, boolean prepared) throws Exception {
        if (prepared) {
            server.batches().executeBatch(request(keyed));
        } else {
            proxy.sever();
            proxy.awaitLost();
            awaitDatabase();
        }
    }

    /** Whether its caller has to believe that the batch stands. */
    private boolean stands(Answer answer, ExecuteBatchRequest request) throws Exception {
        Refusal refusal = answer.refusal();
        if (refusal == null) {
            return true;
        }
        if (refusal.reason().equals("OUTCOME_UNKNOWN")) {
            boolean keyed = !request.getRequestId().isEmpty();
            refusal.has(
                    keyed ? Code.UNAVAILABLE : Code.UNKNOWN,
                    ErrorReason.ERROR_REASON_OUTCOME_UNKNOWN);
            String batchId = refusal.metadata().get("batch_id");
            assertThat(refusal.failure().getBatchId()).isEqualTo(batchId);
            assertThat(refusal.failure().getCommitState())
                    .isEqualTo(CommitState.COMMIT_STATE_UNKNOWN);
            return hasAccount(request.getWorkspace(), batchId);
        }
        switch (refusal.reason()) {
            case "BATCH_TIMEOUT" -> {}
            // The cut hit the rollback before another try, and the database still held the first.
            case "REQUEST_IN_PROGRESS" ->
                    refusal.has(Code.ABORTED, ErrorReason.ERROR_REASON_REQUEST_IN_PROGRESS)
                            .namesADelay();
            default ->
                    refusal.has(Code.UNAVAILABLE, ErrorReason.ERROR_REASON_DATABASE_UNAVAILABLE)
                            .namesADelay();
        }
        return false;
    }

    private boolean hasAccount(String workspace, String batchId) throws Exception {
        GetBatchRequest request =
                GetBatchRequest.newBuilder().setWorkspace(workspace).setBatchId(batchId).build();
        try {
            return direct.batches().getBatch(request).getState()
                    == BatchState.BATCH_STATE_SUCCEEDED;
        } catch (StatusException missing) {
            assertThat(missing.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
            return false;
        }
    }

    /**
     * What a caller was told.
     *
     * @param reply null if it failed
     * @param refusal null if it did not
     */
    private record Answer(@Nullable ExecuteBatchResponse reply, @Nullable Refusal refusal) {
        boolean isOk() {
            return reply != null;
        }

        @Override
        public String toString() {
            return refusal == null ? "OK" : refusal.reason() + " (" + refusal.message() + ")";
        }
    }

    private Answer answer(ExecuteBatchRequest request) {
        try {
            return new Answer(server.batches().executeBatch(request), null);
        } catch (StatusException refused) {
            return new Answer(null, Refusal.of(refused));
        }
    }

    /** The batch, in a workspace of its own that has what it changes. */
    private ExecuteBatchRequest request(boolean keyed) throws Exception {
        Caller caller = Caller.of(direct);
        caller.execute(
                Ops.collection("posts", Ops.unique("by_title", "title")),
                Ops.collection("tags"),
                Ops.pointing(
                        "comments", Ops.reference("post", "posts", OnDelete.ON_DELETE_CASCADE)),
                Ops.create("posts", "a", "{\"title\":\"A\"}"),
                Ops.create("posts", "b", "{\"title\":\"B\"}"),
                Ops.create("posts", "c", "{\"title\":\"C\"}"),
                Ops.link("next", "posts", "a", "b"),
                Ops.link("next", "posts", "c", "a"));
        return ExecuteBatchRequest.newBuilder()
                .setWorkspace(caller.workspace())
                .addAllOperations(BATCH)
                .setRequestId(keyed ? UUID.randomUUID().toString() : "")
                .build();
    }

    private Stored stored(ExecuteBatchRequest request) throws Exception {
        return Stored.in(database, request.getWorkspace());
    }

    private static List<Outcome> outcomes(ExecuteBatchResponse reply) {
        return reply.getResultsList().stream().map(OperationResult::getOutcome).toList();
    }

    private void awaitDatabase() throws Exception {
        GetWorkspaceRequest request =
                GetWorkspaceRequest.newBuilder().setWorkspace("default").build();
        Waiting.until(
                "the server has its database again",
                () -> {
                    try {
                        return server.workspaces()
                                .getWorkspace(request)
                                .getName()
                                .equals("default");
                    } catch (StatusException notYet) {
                        return false;
                    }
                });
    }
}
