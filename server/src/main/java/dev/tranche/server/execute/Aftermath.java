package dev.tranche.server.execute;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Counts;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Reason;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is left to do when the transaction of a batch did not simply commit. */
final class Aftermath {
    private static final Logger LOG = LoggerFactory.getLogger(Aftermath.class);

    private final Reruns<BatchTransaction> reruns;
    private final InstantSource clock;
    private final Duration limit;

    Aftermath(Reruns<BatchTransaction> reruns, InstantSource clock, Duration limit) {
        this.reruns = reruns;
        this.clock = clock;
        this.limit = limit;
    }

    /**
     * Writes the account of a batch that failed, as well as that goes: it binds no request id, and a
     * call that failed has failed whether or not its account could be written.
     */
    CallFailure failed(ExecuteRun run, CallFailure failure) {
        Batch account = run.account();
        if (account == null) {
            return failure;
        }
        if (failure.failure().reason() != Reason.DATABASE_UNAVAILABLE) {
            List<ItemResult> results = run.results().stream().map(Aftermath::rolledBack).toList();
            try {
                store(ended(account, failure.failure(), results), results);
            } catch (CallFailure | CommitUnknown e) {
                LOG.warn("the account of failed batch {} could not be written", account.id(), e);
            }
        }
        return failure.of(account.id());
    }

    /** Finds out whether a transaction whose COMMIT broke off stands, and makes sure it stays so. */
    ExecuteReply settle(ExecuteRun run, CommitUnknown unknown) {
        ExecuteReply reply = Objects.requireNonNull(run.reply(), "no COMMIT without a reply");
        Batch batch = Objects.requireNonNull(reply.batch(), "no COMMIT without an account");
        if (stands(batch, unknown)) {
            return reply;
        }
        throw new CallFailure(
                        new Failure.TryAgain(
                                Reason.DATABASE_UNAVAILABLE,
                                "the connection to the database broke; nothing was written",
                                limit),
                        unknown)
                .of(batch.id());
    }

    private boolean stands(Batch batch, CommitUnknown unknown) {
        try {
            return reruns.run(budget(), tx -> standsIn(tx, batch));
        } catch (CallFailure | CommitUnknown away) {
            away.addSuppressed(unknown);
            boolean repeatable = batch.submission().requestId() != null;
            throw new CallFailure(new Failure.OutcomeUnknown(repeatable), away).of(batch.id());
        }
    }

    /** Locking waits for a transaction that still runs; an absent account is fenced off for good. */
    private boolean standsIn(BatchTransaction tx, Batch batch) {
        Optional<Batch> stored = tx.lock(batch.workspaceId(), batch.id());
        if (stored.isEmpty()) {
            Failure why =
                    new Failure.Refused(
                            Reason.DATABASE_UNAVAILABLE,
                            "the connection to the database broke before COMMIT");
            tx.insert(ended(batch, why, List.of()), Duration.ZERO);
            return false;
        }
        return stored.get().isBound() && stored.get().run() == batch.run();
    }

    private void store(Batch failed, List<ItemResult> results) {
        reruns.run(
                budget(),
                tx -> {
                    if (claim(tx, failed) && !results.isEmpty()) {
                        tx.appendResults(failed.id(), results);
                    }
                    return failed;
                });
    }

    /** Whether the account is this batch's to write: another call may have bound the id meanwhile. */
    private static boolean claim(BatchTransaction tx, Batch failed) {
        String requestId = failed.submission().requestId();
        Optional<Batch> stored =
                requestId == null
                        ? Optional.empty()
                        : tx.lockByRequestId(failed.workspaceId(), requestId);
        if (stored.isEmpty()) {
            tx.insert(failed, Duration.ZERO);
            return true;
        }
        Batch other = stored.get();
        if (other.isBound() || !other.id().equals(failed.id())) {
            return false;
        }
        tx.update(failed, other.epoch(), Duration.ZERO);
        tx.clearResults(failed.id());
        return true;
    }

    private Batch ended(Batch account, Failure why, List<ItemResult> results) {
        Counts counts = Counts.none(account.counts().total());
        for (ItemResult result : results) {
            counts = counts.plus(result.outcome());
        }
        return account.fail(
                new Batch.Cause(why.reason(), why.message()),
                counts,
                clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    private static ItemResult rolledBack(ItemResult result) {
        return switch (result.outcome()) {
            case Outcome.Applied applied ->
                    new ItemResult(result.index(), new Outcome.RolledBack(), result.attempt());
            case Outcome.Failed failed -> result;
            case Outcome.Skipped skipped -> result;
            case Outcome.NotAttempted nothing -> result;
            case Outcome.RolledBack nothing -> result;
        };
    }

    private Budget budget() {
        return new Budget(limit, () -> false);
    }
}
