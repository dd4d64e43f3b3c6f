package dev.tranche.server.store;

/**
 * A collection that is pointed at.
 *
 * @param name of a collection with a reference to it
 */
record InboundLine(long collectionId, String name) {}
