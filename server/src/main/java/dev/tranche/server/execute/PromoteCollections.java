package dev.tranche.server.execute;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Call;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/**
 * Gives collections of one workspace the definitions that they have in another one, all or none: a
 * list of operations like any other, but made by the server, and without an account.
 */
public final class PromoteCollections {
    private final Reruns<BatchTransaction> reruns;
    private final Reruns<BatchPreview> previews;
    private final Engine engine;
    private final FreshIds ids;
    private final InstantSource clock;
    private final PromotionLimits limits;

    public PromoteCollections(
            Reruns<BatchTransaction> reruns,
            Reruns<BatchPreview> previews,
            Engine engine,
            FreshIds ids,
            InstantSource clock,
            PromotionLimits limits) {
        this.reruns = reruns;
        this.previews = previews;
        this.engine = engine;
        this.ids = ids;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Does it; or, if that is all that is asked, finds out what it would come to.
     *
     * @param fits refuses a reply that could not be sent, before anything is committed
     * @return one for each collection, in the order of the request or of the names
     * @throws CallFailure if nothing of it stands
     */
    public List<Promotion> promote(
            PromotionRequest request, Call call, Consumer<List<Promotion>> fits) {
        Budget budget = call.budget(limits.transactionTime());
        PromotionRun run = new PromotionRun(request, call.actor(), engine, ids, clock, limits);
        try {
            return request.validateOnly()
                    ? previews.run(budget, tx -> run.preview(tx, budget))
                    : reruns.run(budget, tx -> run.in(tx, budget, fits));
        } catch (CommitUnknown unknown) {
            throw new CallFailure(new Failure.OutcomeUnknown(false), unknown);
        }
    }
}
