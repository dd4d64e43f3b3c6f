package dev.tranche.server.engine;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.ClaimedKeys;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Interpreter;
import dev.tranche.server.operation.NamedRows;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.RowKey;
import dev.tranche.server.operation.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Load and apply: loads what the operations need, table by table in the order of locks, and applies
 * them until nothing is missing. The number of loads grows with the depth of what depends on what,
 * not with the number of operations. Flushing the changes is the caller's decision.
 */
public final class Engine {
    private final Interpreter interpreter;
    private final int roundsMax;

    /**
     * @param roundsMax how often records may be read, each time because of what was read before; at
     *     least 1
     */
    public Engine(Interpreter interpreter, int roundsMax) {
        this.interpreter = interpreter;
        this.roundsMax = roundsMax;
    }

    /**
     * Comes to the outcome of every operation.
     *
     * @param locks what an earlier run of the same program found it needs; taken first, in order.
     *     What this run finds is added.
     * @throws CallFailure LIMIT_EXCEEDED after too many rounds; what the budget and the rows throw
     */
    public Pass.Complete apply(RowSource rows, Program program, Locks locks, Budget budget) {
        Loading loading = new Loading(rows, program, locks, budget);
        loading.begin();
        loading.addNamed();
        return apply(loading, interpreter.run(program, loading.snapshot));
    }

    /** As without foresight, and sooner if that holds. */
    public Pass.Complete apply(RowSource rows, Foresight foresight, Locks locks, Budget budget) {
        Program program = foresight.program();
        Loading loading = new Loading(rows, program, locks, budget);
        loading.begin();
        boolean holds = loading.snapshot.isSameAs(foresight.rows());
        return apply(
                loading, holds ? foresight.pass() : interpreter.run(program, loading.snapshot));
    }

    /** Makes the first pass of a program ahead of its transaction, over rows it may begin with. */
    public Foresight foresee(Program program, Snapshot rows) {
        return new Foresight(program, rows, interpreter.run(program, rows));
    }

    /** The same if keys that the program claims are likely to be taken: no pass is made in vain. */
    public Foresight foreseeClaims(Program program, Snapshot rows) {
        Needs claims = ClaimedKeys.of(program, rows);
        return claims == null
                ? foresee(program, rows)
                : new Foresight(program, rows, new Pass.Incomplete(claims));
    }

    private Pass.Complete apply(Loading loading, Pass first) {
        Pass pass = first;
        while (true) {
            switch (pass) {
                case Pass.Complete complete -> {
                    if (complete.claims().isEmpty() || loading.claim(complete.claims())) {
                        return complete;
                    }
                }
                case Pass.Incomplete incomplete -> loading.add(incomplete.needs().next());
            }
            pass = interpreter.run(loading.program, loading.snapshot);
        }
    }

    /** What one run of a transaction has loaded so far. */
    private final class Loading {
        private final RowSource rows;
        private final Program program;
        private final Locks locks;
        private final Budget budget;
        private final Snapshot snapshot = new Snapshot();
        private @Nullable RowKey<?> last;

        private Loading(RowSource rows, Program program, Locks locks, Budget budget) {
            this.rows = rows;
            this.program = program;
            this.locks = locks;
            this.budget = budget;
        }

        private void begin() {
            locks.begin();
            Needs known = locks.known();
            if (!known.isEmpty()) {
                take(known);
            }
            locks.begun(snapshot.copy());
        }

        /** Loads what is sure to be needed, before any pass. */
        private void addNamed() {
            NamedRows named = NamedRows.of(program);
            Needs next = named.missing(snapshot);
            while (!next.isEmpty()) {
                add(next);
                next = named.missing(snapshot);
            }
        }

        /** Loads what was found missing. */
        private void add(Needs next) {
            checkRounds(locks.add(next));
            if (last != null && next.inOrder().getFirst().key().compareTo(last) <= 0) {
                throw locks.restart();
            }
            take(next);
        }

        /** Whether all that a pass claims is granted. */
        private boolean claim(Needs claims) {
            add(claims);
            return snapshot.grants(claims);
        }

        private void take(Needs needs) {
            budget.check();
            rows.load(program.workspace(), needs, snapshot);
            last = needs.inOrder().getLast().key();
        }
    }

    private void checkRounds(int rounds) {
        if (rounds > roundsMax) {
            throw new CallFailure(
                    new Failure.LimitExceeded(
                            "--load-rounds-max", "operations", rounds, roundsMax));
        }
    }
}
