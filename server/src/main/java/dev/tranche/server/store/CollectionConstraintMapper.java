package dev.tranche.server.store;

/** Statements on the table {@code collection_constraint}. */
interface CollectionConstraintMapper {

    /**
     * Gives a number to a constraint.
     *
     * @param fields JSON array of field paths
     */
    void insert(long collectionId, int number, String name, String fields);

    void retire(long collectionId, int number);
}
