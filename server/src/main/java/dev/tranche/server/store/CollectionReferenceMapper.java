package dev.tranche.server.store;

/** Statements on the table {@code collection_reference}. */
interface CollectionReferenceMapper {

    /** Gives a number to a reference. */
    void insert(long collectionId, int number, String field, long targetId);

    void retire(long collectionId, int number);
}
