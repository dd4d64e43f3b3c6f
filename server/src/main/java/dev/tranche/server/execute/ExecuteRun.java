package dev.tranche.server.execute;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Batch.Submission;
import dev.tranche.server.batch.BatchKind;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.Locks;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Item;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.Program.Rules;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.operation.WorkspaceStage;
import dev.tranche.server.schema.Actor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call of {@code ExecuteBatch}, through as many tries of its transaction as it takes. */
final class ExecuteRun {
    /** An account that runs is seen by nobody before it is finished, so its lease means nothing. */
    private static final Duration NO_LEASE = Duration.ZERO;

    private final ExecuteRequest request;
    private final List<Item> items;
    private final Actor actor;
    private final String newBatchId;
    private final Engine engine;
    private final InstantSource clock;
    private final Locks locks = new Locks();
    private final @Nullable String contentHash;

    private @Nullable Batch account;
    private @Nullable ExecuteReply reply;
    private Results results = Results.NONE;

    ExecuteRun(
            ExecuteRequest request,
            List<Item> items,
            Actor actor,
            String newBatchId,
            Engine engine,
            InstantSource clock) {
        this.request = request;
        this.items = items;
        this.actor = actor;
        this.newBatchId = newBatchId;
        this.engine = engine;
        this.clock = clock;
        this.contentHash = request.requestId() == null ? null : ContentHash.of(request);
    }

    /** The account of the last try; null if none got that far. */
    @Nullable Batch account() {
        return account;
    }

    /** The reply of the last try; null if it did not come to one. */
    @Nullable ExecuteReply reply() {
        return reply;
    }

    /** What the operations of the last try came to; empty if it did not get that far. */
    List<ItemResult> results() {
        return results.all();
    }

    /** How the operations of a request are done. */
    static Rules rules(ExecuteRequest request, WorkspaceRow workspace) {
        return new Rules(request.onError(), workspace.stage() == WorkspaceStage.PRODUCTION);
    }

    /** Does everything inside one transaction. */
    ExecuteReply in(BatchTransaction tx, Budget budget, Consumer<ExecuteReply> fits) {
        account = null;
        reply = null;
        results = Results.NONE;
        WorkspaceRow workspace = workspace(tx);
        Optional<Batch> earlier =
                request.requestId() == null
                        ? Optional.empty()
                        : tx.lockByRequestId(workspace.id(), request.requestId());
        if (earlier.isPresent() && earlier.get().isBound()) {
            return replay(tx, earlier.get());
        }
        Batch begun = claim(tx, workspace.id(), earlier);
        if (request.requestId() != null) {
            requireSame(workspace, tx.lockWorkspace(request.workspace()));
        }
        account = begun;
        Stamp stamp = new Stamp(begun.submission().createdAt(), actor.id());
        Program program = new Program(workspace.id(), items, stamp, rules(request, workspace));
        Pass.Complete pass = engine.apply(tx, program, locks, budget);
        results = Results.of(pass, request.view());
        results.refuseFailures(request.onError(), true);
        Batch done = begun.finish(results.counts(), now());
        ExecuteReply complete = new ExecuteReply(done, results.attempted(), false);
        reply = complete;
        fits.accept(complete);
        budget.check();
        tx.flush(workspace.id(), pass.changes());
        account(tx, begun, done);
        return complete;
    }

    /** The workspace, locked unless there is a batch row to be locked before it. */
    private WorkspaceRow workspace(BatchTransaction tx) {
        return request.requestId() == null
                ? tx.lockWorkspace(request.workspace()).orElseThrow(this::noWorkspace)
                : workspace(tx, request);
    }

    /** The workspace that a request names, not locked. */
    static WorkspaceRow workspace(BatchPreview tx, ExecuteRequest request) {
        return tx.workspace(request.workspace()).orElseThrow(() -> noWorkspace(request));
    }

    /** It may have been deleted, and its name given to another one, before it was locked. */
    private void requireSame(WorkspaceRow found, Optional<WorkspaceRow> locked) {
        if (locked.filter(found::equals).isEmpty()) {
            throw noWorkspace();
        }
    }

    private CallFailure noWorkspace() {
        return noWorkspace(request);
    }

    private static CallFailure noWorkspace(ExecuteRequest request) {
        return new CallFailure(
                Failure.Refused.missing(
                        Reason.WORKSPACE_NOT_FOUND, "workspace", request.workspace()));
    }

    private ExecuteReply replay(BatchTransaction tx, Batch first) {
        if (!Objects.equals(first.submission().contentHash(), contentHash)) {
            throw new CallFailure(
                            new Failure.Refused(
                                    Reason.REQUEST_ID_REUSED,
                                    "request_id \""
                                            + request.requestId()
                                            + "\" stands for another request (batch "
                                            + first.id()
                                            + ")",
                                    Map.of("request_id", request.requestId())))
                    .of(first.id());
        }
        Results stored = new Results(tx.results(first.id(), 0, first.counts().total() - 1));
        return new ExecuteReply(first, stored.attempted(), true);
    }

    private Batch claim(BatchTransaction tx, long workspace, Optional<Batch> earlier) {
        Submission submission =
                new Submission(
                        BatchKind.EXECUTE,
                        request.workspace(),
                        request.requestId(),
                        contentHash,
                        null,
                        request.onError(),
                        null,
                        now(),
                        actor,
                        request.labels());
        if (earlier.isPresent()) {
            Batch again = earlier.get().rerun(submission, items.size());
            tx.update(again, earlier.get().epoch(), NO_LEASE);
            tx.clearResults(again.id());
            return again;
        }
        Batch begun = Batch.begin(newBatchId, workspace, submission, items.size());
        if (request.requestId() != null) {
            tx.insert(begun, NO_LEASE);
        }
        return begun;
    }

    private void account(BatchTransaction tx, Batch begun, Batch done) {
        if (request.requestId() == null) {
            tx.insert(done, NO_LEASE);
        } else {
            tx.update(done, begun.epoch(), NO_LEASE);
        }
        tx.appendResults(done.id(), results.all());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
