package dev.tranche.client;

import dev.tranche.v1.InsertRecord;

/** Makes records to insert from JSON text, the form that keeps every number as it was written. */
public final class Records {

    private Records() {}

    /** A record whose id the server makes. The text is checked by the server, not here. */
    public static InsertRecord of(String dataJson) {
        return InsertRecord.newBuilder().setDataJson(dataJson).build();
    }

    /** A record with an id of 1 to 128 bytes. The text is checked by the server, not here. */
    public static InsertRecord of(String id, String dataJson) {
        return InsertRecord.newBuilder().setId(id).setDataJson(dataJson).build();
    }
}
