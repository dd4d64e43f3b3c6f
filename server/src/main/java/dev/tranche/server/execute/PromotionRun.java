package dev.tranche.server.execute;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Conflict;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Locks;
import dev.tranche.server.execute.PromotionOrder.Step;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Item;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.OnError;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.Program.Rules;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.operation.Snapshot;
import dev.tranche.server.schema.Actor;
import dev.tranche.server.schema.ReferenceDefinition;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One call of {@code PromoteCollections}, through as many tries of its transaction as it takes. */
final class PromotionRun {
    private static final Rules RULES = new Rules(OnError.ROLLBACK, false);

    private final PromotionRequest request;
    private final Engine engine;
    private final FreshIds ids;
    private final PromotionLimits limits;
    private final Stamp stamp;
    private final Locks locks = new Locks();

    PromotionRun(
            PromotionRequest request,
            Actor actor,
            Engine engine,
            FreshIds ids,
            InstantSource clock,
            PromotionLimits limits) {
        this.request = request;
        this.engine = engine;
        this.ids = ids;
        this.limits = limits;
        this.stamp = new Stamp(clock.instant().truncatedTo(ChronoUnit.MICROS), actor.id());
    }

    /** The workspaces of a try. */
    private record Places(WorkspaceRow source, WorkspaceRow target) {

        /** In the order of locks. */
        List<WorkspaceRow> inOrder() {
            return source.id() < target.id() ? List.of(source, target) : List.of(target, source);
        }
    }

    /** Finds out what it would come to. */
    List<Promotion> preview(BatchPreview tx, Budget budget) {
        Places places = places(tx);
        PromotionPlan plan = plan(tx, places);
        return apply(tx, places, plan, budget).promotions(request.source(), false);
    }

    /** Does everything inside one transaction. */
    List<Promotion> in(BatchTransaction tx, Budget budget, Consumer<List<Promotion>> fits) {
        Places places = places(tx);
        lock(tx, places);
        PromotionPlan plan = plan(tx, places);
        lock(tx, places, plan);
        if (!plan(tx, places).equals(plan)) {
            throw new Conflict("the collections changed before they were locked", null);
        }
        PromotionResults results = apply(tx, places, plan, budget);
        List<Promotion> promotions = results.promotions(request.source(), true);
        fits.accept(promotions);
        budget.check();
        tx.flush(places.target().id(), results.pass().changes());
        return promotions;
    }

    private Places places(BatchPreview tx) {
        return new Places(workspace(tx, request.source()), workspace(tx, request.target()));
    }

    private static WorkspaceRow workspace(BatchPreview tx, String name) {
        return tx.workspace(name).orElseThrow(() -> noWorkspace(name));
    }

    private PromotionPlan plan(BatchPreview tx, Places places) {
        return PromotionPlan.read(tx, places.source(), request, limits);
    }

    private static void lock(BatchTransaction tx, Places places) {
        for (WorkspaceRow row : places.inOrder()) {
            if (tx.lockWorkspace(row.name()).filter(row::equals).isEmpty()) {
                throw noWorkspace(row.name());
            }
        }
    }

    /**
     * Locks every collection that can matter, of the workspace with the lower id first. The engine
     * asks for those of the target once more, but for none besides.
     */
    private static void lock(BatchTransaction tx, Places places, PromotionPlan plan) {
        Needs read = new Needs();
        Needs changed = new Needs();
        for (CollectionRow row : plan.rows()) {
            read.add(new CollectionKey(row.name()), LockMode.SHARED);
            changed.add(new CollectionKey(row.name()), LockMode.EXCLUSIVE);
            for (ReferenceDefinition one : row.definition().references()) {
                changed.add(new CollectionKey(one.collection()), LockMode.EXCLUSIVE);
            }
        }
        for (WorkspaceRow row : places.inOrder()) {
            Needs needs = row.equals(places.source()) ? read : changed;
            tx.load(row.id(), needs, new Snapshot());
        }
    }

    private PromotionResults apply(
            BatchPreview tx, Places places, PromotionPlan plan, Budget budget) {
        long target = places.target().id();
        Map<String, CollectionRow> before = new HashMap<>();
        tx.collections(target, plan.names()).forEach(row -> before.put(row.name(), row));
        List<Step> steps = PromotionOrder.of(plan.rows(), before.keySet());
        Program program = new Program(target, items(plan, steps), stamp, RULES);
        return new PromotionResults(plan, before, steps, engine.apply(tx, program, locks, budget));
    }

    private List<Item> items(PromotionPlan plan, List<Step> steps) {
        Map<String, Integer> indexes = plan.indexes();
        List<Item> items = new ArrayList<>(steps.size());
        for (Step step : steps) {
            String name = plan.rows().get(step.position()).name();
            String path = "collections[" + indexes.get(name) + "]";
            UpsertCollection upsert = new UpsertCollection(name, step.definition());
            items.add(new Item(items.size(), null, null, path, upsert, ids.fresh()));
        }
        return items;
    }

    private static CallFailure noWorkspace(String name) {
        return new CallFailure(
                Failure.Refused.missing(Reason.WORKSPACE_NOT_FOUND, "workspace", name));
    }
}
