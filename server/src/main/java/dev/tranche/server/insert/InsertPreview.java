package dev.tranche.server.insert;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Batch.Submission;
import dev.tranche.server.batch.BatchKind;
import dev.tranche.server.batch.Counts;
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
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Works works =
                new Works(ids, request.order().collection(), request.order().options(), false);
        return previews.run(budget, tx -> in(tx, request, works, call.actor(), now, budget));
    }

    private Predicted in(
            BatchPreview tx,
            InsertRequest request,
            Works works,
            Actor actor,
            Instant now,
            Budget budget) {
        InsertOrder order = request.order();
        long workspace = tx.workspace(order.workspace()).orElseThrow(() -> noWorkspace(order)).id();
        Batch batch = Batch.begin("", workspace, submission(order, actor, now), 0);
        Chunk chunk = everything(request, works);
        Stamp stamp = new Stamp(now, actor.id());
        Program program = new Program(workspace, chunk.items(), stamp, Rules.EACH);
        Pass.Complete pass = engine.apply(tx, program, new Locks(), budget);
        Verdicts verdicts = new Verdicts(order.options(), batch.attempt(), false);
        List<ItemResult> results = verdicts.standing(verdicts.of(chunk, pass));
        Counts none = Counts.none(chunk.entries().size());
        int end = Verdicts.end(none, chunk, results, order.options().failuresMax());
        List<ItemResult> done = end < 0 ? results : results.subList(0, end);
        Counts counts = Verdicts.counts(none, chunk.entries(), done);
        return new Predicted(
                batch.seal().finish(counts, now), withRest(done, chunk.entries().size()));
    }

    private static Chunk everything(InsertRequest request, Works works) {
        List<Chunk.Entry> entries = new ArrayList<>(request.records().count());
        for (int i = 0; i < request.records().count(); i++) {
            entries.add(new Chunk.Entry(i, works.of(i, request.records().get(i)), null));
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

    private static CallFailure noWorkspace(InsertOrder order) {
        return new CallFailure(
                Failure.Refused.missing(
                        Reason.WORKSPACE_NOT_FOUND, "workspace", order.workspace()));
    }
}
