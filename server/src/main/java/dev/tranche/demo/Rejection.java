package dev.tranche.demo;

import dev.tranche.v1.ItemError;
import dev.tranche.v1.RecordResult;

/**
 * A record that a {@code BatchInsert} did not take.
 *
 * @param fileRow its row in the file, from 0, the header not counted
 * @param batchId the call's batch
 * @param result its result; the index counts the records of the call
 * @param idBefore id of the record before it in the call
 */
record Rejection(
        int fileRow, String airport, String batchId, RecordResult result, String idBefore) {

    int index() {
        return result.getIndex();
    }

    /** Whether it was turned away because the row before it has the same key. */
    boolean collidesWithTheRowBefore() {
        ItemError error = result.getError();
        return error.getConstraint().equals(Weather.CONSTRAINT)
                && error.getEarlierIndex() == index() - 1
                && error.getExistingRecordId().equals(idBefore);
    }
}
