package dev.tranche.server.execute;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Call;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Item;
import dev.tranche.server.operation.Rows.Stamp;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs a list of operations in one transaction. With a request id the first statements of that
 * transaction claim the id, so that a repeated call never does the work twice.
 */
public final class ExecuteBatch {
    private final Reruns<BatchTransaction> reruns;
    private final Reruns<BatchPreview> previews;
    private final Engine engine;
    private final FreshIds ids;
    private final InstantSource clock;
    private final ExecuteLimits limits;
    private final Aftermath aftermath;

    public ExecuteBatch(
            Reruns<BatchTransaction> reruns,
            Reruns<BatchPreview> previews,
            Engine engine,
            FreshIds ids,
            InstantSource clock,
            ExecuteLimits limits) {
        this.reruns = reruns;
        this.previews = previews;
        this.engine = engine;
        this.ids = ids;
        this.clock = clock;
        this.limits = limits;
        this.aftermath = new Aftermath(reruns, clock, limits.transactionTime());
    }

    /**
     * Does it, once; or, if that is all that is asked, finds out what it would come to.
     *
     * @param fits refuses a reply that could not be sent, before anything is committed
     * @throws CallFailure if nothing of it stands; what a CONTINUE batch could not do is in the
     *     results
     */
    public ExecuteReply execute(ExecuteRequest request, Call call, Consumer<ExecuteReply> fits) {
        checkSize(request);
        Budget budget = call.budget(limits.transactionTime());
        return request.validateOnly()
                ? preview(request, call, budget)
                : run(request, call, budget, fits);
    }

    private ExecuteReply preview(ExecuteRequest request, Call call, Budget budget) {
        Stamp stamp = new Stamp(clock.instant().truncatedTo(ChronoUnit.MICROS), call.actor().id());
        DryRun run = new DryRun(request, items(request), stamp, engine);
        return previews.run(budget, tx -> run.in(tx, budget));
    }

    private ExecuteReply run(
            ExecuteRequest request, Call call, Budget budget, Consumer<ExecuteReply> fits) {
        ExecuteRun run =
                new ExecuteRun(request, items(request), call.actor(), ids.next(), engine, clock);
        try {
            return reruns.run(budget, tx -> run.in(tx, budget, fits));
        } catch (CommitUnknown unknown) {
            return aftermath.settle(run, unknown);
        } catch (CallFailure failure) {
            throw aftermath.failed(run, failure);
        }
    }

    private void checkSize(ExecuteRequest request) {
        if (request.steps().size() > limits.operationsMax()) {
            throw new CallFailure(
                    new Failure.LimitExceeded(
                            "--operations-max",
                            "operations",
                            request.steps().size(),
                            limits.operationsMax()));
        }
    }

    private List<Item> items(ExecuteRequest request) {
        List<Item> items = new ArrayList<>(request.steps().size());
        for (ExecuteRequest.Step step : request.steps()) {
            int index = items.size();
            items.add(
                    new Item(
                            index,
                            step.alias(),
                            step.group(),
                            step.path(),
                            step.operation(),
                            ids.fresh()));
        }
        return items;
    }
}
