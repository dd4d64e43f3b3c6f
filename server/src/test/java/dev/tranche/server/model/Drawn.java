package dev.tranche.server.model;

/** What the server draws and the model has to be told: by the index of the operation. */
interface Drawn {
    /** The id it made for a new record. An unknown text if it did not say. */
    String id(int index);

    /** The etag the record has after the operation. An unknown text if it did not say. */
    String etag(int index);
}
