package dev.tranche.server.store;

import dev.tranche.server.operation.Rows.CollectionRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads collections without locks. */
final class CollectionReader {
    private final StoreSession session;
    private final Definitions definitions;

    CollectionReader(StoreSession session, Definitions definitions) {
        this.session = session;
        this.definitions = definitions;
    }

    /** Names of live ones, in the order of their bytes. */
    List<String> names(long workspaceId, int limit) {
        return session.read(() -> mapper().names(workspaceId, limit));
    }

    /** Live ones, by their names. */
    List<CollectionRow> named(long workspaceId, List<String> names) {
        List<CollectionRow> rows = new ArrayList<>();
        for (List<String> some : Portions.of(names)) {
            rows.addAll(rows(mapper -> mapper.lock(workspaceId, some, LockClause.NONE)));
        }
        return rows;
    }

    /** Lines and definitions are two statements: if a collection changes in between, both are read anew. */
    List<CollectionRow> rows(Function<CollectionMapper, List<CollectionLine>> statement) {
        while (true) {
            List<CollectionLine> lines = session.read(() -> statement.apply(mapper()));
            Optional<List<CollectionRow>> rows = definitions.rows(session, lines);
            if (rows.isPresent()) {
                return rows.get();
            }
        }
    }

    private CollectionMapper mapper() {
        return session.mapper(CollectionMapper.class);
    }
}
