package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Batch.Submission;
import dev.tranche.server.batch.BatchKind;
import dev.tranche.server.batch.Counts;
import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Call;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Locks;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.BatchPreview;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.Program.Rules;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.Actor;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Finds out what an insert would come to: all of it in one transaction that only reads. */
public final class InsertPreview {
    private final Reruns<BatchPreview> previews;
    private final Engine engine;
    private final FreshIds ids;
    private final InstantSource clock;
    private final InsertLimits limits;

    public InsertPreview(
            Reruns<BatchPreview> previews,
            Engine engine,
            FreshIds ids,
            InstantSource clock,
            InsertLimits limits) {
        this.previews = previews;
        this.engine = engine;
        this.ids = ids;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * What it would come to.
     *
     * @param batch its account at its end, with an empty id
     * @param results one per record, ascending by index
     */
    public record Predicted(Batch batch, List<ItemResult> results) {}

    /**
     * Predicts.
     *
     * @throws CallFailure what the insert would end with before its first chunk is committed
     */
    public Predicted of(InsertRequest request, Call call) {
        BatchInserts.checkCount(request, limits);
        Budget budget = call.budget(limits.transactionTime());
        InsertOrder order = request.order();
        Chunk chunk = everything(request);
        Stamp stamp = new Stamp(now(), call.actor().id());
        Locks locks = new Locks();
        return previews.run(
                budget,
                tx -> {
                    long workspace = workspaceId(tx, order);
                    Program program = new Program(workspace, chunk.items(), stamp, Rules.EACH);
                    Pass.Complete pass = engine.apply(tx, program, locks, budget);
                    Submission submission = submission(order, call.actor(), stamp.at());
                    return predicted(Batch.begin("", workspace, submission, 0), chunk, pass);
                });
    }

    private static Predicted predicted(Batch batch, Chunk chunk, Pass.Complete pass) {
        InsertOptions options = batch.insertOptions();
        Verdicts verdicts = new Verdicts(options, batch.attempt(), true);
        List<ItemResult> results = verdicts.standing(verdicts.of(chunk, pass));
        Counts none = Counts.none(results.size());
        int end = Verdicts.end(none, chunk, results, options.failuresMax());
        List<ItemResult> done = end < 0 ? results : results.subList(0, end);
        Counts counts = Verdicts.counts(none, chunk.entries(), done);
        return new Predicted(
                batch.seal().finish(counts, batch.startedAt()), withRest(done, results.size()));
    }

    private Chunk everything(InsertRequest request) {
        InsertOrder order = request.order();
        Works works = new Works(ids, order.collection(), order.options(), false);
        List<Chunk.Entry> entries = new ArrayList<>(request.records().count());
        for (int i = 0; i < request.records().count(); i++) {
            entries.add(new Chunk.Entry(i, works.of(i, request.records().get(i, false)), null));
        }
        return new Chunk(entries, true);
    }

    private static List<ItemResult> withRest(List<ItemResult> done, int count) {
        List<ItemResult> all = new ArrayList<>(done);
        for (int index = done.size(); index < count; index++) {
            all.add(new ItemResult(index, new Outcome.NotAttempted(), 1));
        }
        return all;
    }

    private static Submission submission(InsertOrder order, Actor actor, Instant now) {
        return new Submission(
                BatchKind.INSERT,
                order.workspace(),
                null,
                null,
                order.collection(),
                null,
                order.options(),
                now,
                actor,
                order.labels());
    }

    private static long workspaceId(BatchPreview tx, InsertOrder order) {
        Failure missing =
                Failure.Refused.missing(Reason.WORKSPACE_NOT_FOUND, "workspace", order.workspace());
        return tx.workspace(order.workspace()).orElseThrow(() -> new CallFailure(missing)).id();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
