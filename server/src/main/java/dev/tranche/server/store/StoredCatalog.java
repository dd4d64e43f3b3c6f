package dev.tranche.server.store;

import dev.tranche.server.engine.Catalog;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Workspaces and collections, read and made outside of batches. */
final class StoredCatalog implements Catalog {
    private final ShortTransactions transactions;
    private final Definitions definitions;

    StoredCatalog(ShortTransactions transactions, Definitions definitions) {
        this.transactions = transactions;
        this.definitions = definitions;
    }

    @Override
    public boolean create(WorkspaceRow workspace) {
        return transactions.write(session -> create(session, workspace));
    }

    /** Somebody who takes the name in between makes the insert a conflict, and this run again. */
    private static boolean create(StoreSession session, WorkspaceRow workspace) {
        WorkspaceMapper mapper = session.mapper(WorkspaceMapper.class);
        if (session.read(() -> mapper.find(workspace.name())) != null) {
            return false;
        }
        session.write(() -> mapper.insert(WorkspaceLine.of(workspace)));
        return true;
    }

    @Override
    public Deletion delete(String name, boolean force, Stamp stamp) {
        return transactions.write(session -> delete(session, name, force, stamp));
    }

    /** Every batch shares the workspace's row: under this lock none is on its way to a collection. */
    private static Deletion delete(StoreSession session, String name, boolean force, Stamp stamp) {
        WorkspaceMapper mapper = session.mapper(WorkspaceMapper.class);
        WorkspaceLine line = session.read(() -> mapper.lock(name));
        if (line == null) {
            return Deletion.MISSING;
        }
        if (!force) {
            CollectionMapper collections = session.mapper(CollectionMapper.class);
            if (!session.read(() -> collections.list(line.id(), "", 1)).isEmpty()) {
                return Deletion.NOT_EMPTY;
            }
        }
        session.write(() -> mapper.delete(line.id(), Times.column(stamp.at()), stamp.by()));
        return Deletion.DELETED;
    }

    @Override
    public Optional<WorkspaceRow> workspace(String name) {
        return Optional.ofNullable(
                        transactions.read(session ->
                                session.read(
                                        () -> session.mapper(WorkspaceMapper.class).find(name))))
                .map(WorkspaceLine::row);
    }

    @Override
    public List<WorkspaceRow> workspaces(String after, int limit) {
        return transactions
                .read(session ->
                        session.read(
                                () -> session.mapper(WorkspaceMapper.class).list(after, limit)))
                .stream()
                .map(WorkspaceLine::row)
                .toList();
    }

    @Override
    public Optional<CollectionRow> collection(long workspaceId, String name) {
        return rows(mapper -> mapper.find(workspaceId, name)).stream().findFirst();
    }

    @Override
    public List<CollectionRow> collections(long workspaceId, String after, int limit) {
        return rows(mapper -> mapper.list(workspaceId, after, limit));
    }

    private List<CollectionRow> rows(Function<CollectionMapper, List<CollectionLine>> statement) {
        return transactions.read(
                session -> new CollectionReader(session, definitions).rows(statement));
    }
}
