package dev.tranche.server.execute;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.Locks;
import dev.tranche.server.operation.Item;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import java.util.List;

/**
 * One call of {@code ExecuteBatch} that only finds out what would happen. It goes the way of the real
 * one, and ends before anything is written; the locks it asks for are not taken.
 */
final class DryRun {
    private final ExecuteRequest request;
    private final List<Item> items;
    private final Stamp stamp;
    private final Engine engine;
    private final Locks locks = new Locks();

    DryRun(ExecuteRequest request, List<Item> items, Stamp stamp, Engine engine) {
        this.request = request;
        this.items = items;
        this.stamp = stamp;
        this.engine = engine;
    }

    /** Does everything inside one transaction. */
    ExecuteReply in(BatchPreview tx, Budget budget) {
        WorkspaceRow workspace = ExecuteRun.workspace(tx, request);
        Program program =
                new Program(workspace.id(), items, stamp, ExecuteRun.rules(request, workspace));
        Pass.Complete pass = engine.apply(tx, program, locks, budget);
        Results results = Results.of(pass, request.view());
        results.refuseFailures(request.onError(), false);
        return new ExecuteReply(null, results.attempted(), false);
    }
}
