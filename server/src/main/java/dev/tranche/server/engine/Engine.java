package dev.tranche.server.engine;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Interpreter;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.Snapshot;

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
        Snapshot snapshot = new Snapshot();
        Needs taken = new Needs();
        locks.begin();
        take(rows, program, locks.known(), snapshot, taken, budget);
        while (true) {
            switch (interpreter.run(program, snapshot)) {
                case Pass.Complete complete -> {
                    return complete;
                }
                case Pass.Incomplete incomplete -> {
                    Needs next = incomplete.needs().firstTable();
                    checkRounds(locks.add(next));
                    if (!next.isAfter(taken)) {
                        throw locks.restart();
                    }
                    take(rows, program, next, snapshot, taken, budget);
                }
            }
        }
    }

    private void checkRounds(int rounds) {
        if (rounds > roundsMax) {
            throw new CallFailure(
                    new Failure.LimitExceeded(
                            "--load-rounds-max", "operations", rounds, roundsMax));
        }
    }

    private static void take(
            RowSource rows,
            Program program,
            Needs needs,
            Snapshot snapshot,
            Needs taken,
            Budget budget) {
        if (!needs.isEmpty()) {
            budget.check();
            rows.load(program.workspace(), needs, snapshot);
            taken.addAll(needs);
        }
    }
}
