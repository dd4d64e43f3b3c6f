package dev.tranche.server.store;

import dev.tranche.server.engine.Budget;
import dev.tranche.server.engine.CommitUnknown;
import dev.tranche.server.engine.Transactions;
import dev.tranche.server.execute.BatchPreview;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.operation.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Transactions for dry runs: each reads one state of the database, and neither waits nor locks. */
final class StorePreviews implements Transactions<BatchPreview> {
    private final Sessions sessions;
    private final Definitions definitions;
    private final LoadLimits limits;

    StorePreviews(Sessions sessions, Definitions definitions, LoadLimits limits) {
        this.sessions = sessions;
        this.definitions = definitions;
        this.limits = limits;
    }

    /** A broken COMMIT means nothing here but that the database is away. */
    @Override
    public <R> R once(Budget budget, Function<? super BatchPreview, R> work) {
        try {
            return sessions.once(
                    budget,
                    session -> {
                        session.beginSnapshot();
                        return work.apply(preview(session));
                    });
        } catch (CommitUnknown e) {
            throw SqlErrors.unreachable(e);
        }
    }

    private Preview preview(StoreSession session) {
        return new Preview(
                new RowLoader(session, definitions, limits, false),
                new AccountRows(session),
                new CollectionReader(session, definitions));
    }

    private record Preview(RowLoader loader, AccountRows accounts, CollectionReader reader)
            implements BatchPreview {
        @Override
        public Optional<WorkspaceRow> workspace(String name) {
            return accounts.workspace(name);
        }

        @Override
        public List<String> collectionNames(long workspace, int limit) {
            return reader.names(workspace, limit);
        }

        @Override
        public List<CollectionRow> collections(long workspace, List<String> names) {
            return reader.named(workspace, names);
        }

        @Override
        public void load(long workspace, Needs needs, Snapshot snapshot) {
            loader.load(workspace, needs, snapshot);
        }
    }
}
