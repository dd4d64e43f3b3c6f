package dev.tranche.server.store;

import java.util.List;

/** Statements on the table {@code collection}. */
interface CollectionMapper {

    /** Reads live collections, and locks them in the order of their names. */
    List<CollectionLine> lock(long workspaceId, List<String> names, LockClause lock);

    /** The live collection of a name, or nothing. */
    List<CollectionLine> find(long workspaceId, String name);

    /** Live collections after a name, in the order of their names. */
    List<CollectionLine> list(long workspaceId, String after, int limit);

    /** Names of live collections, in their order. */
    List<String> names(long workspaceId, int limit);

    /** What these collections say about their records. */
    List<DefinitionLine> definitions(List<Long> ids);

    /** Pairs of a collection and the name of a live one with a reference in force to it. */
    List<InboundLine> inbound(List<Long> ids);

    void insert(long workspaceId, CollectionLine line, String definition);

    void update(CollectionLine line, String definition, long versionBefore);

    void delete(long id, long versionBefore);
}
