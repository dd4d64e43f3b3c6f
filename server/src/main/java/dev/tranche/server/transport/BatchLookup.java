package dev.tranche.server.transport;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.BatchReader;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Identifiers;

/** Finds the accounts that requests name, or says that they are not there. */
record BatchLookup(Directory directory, BatchReader batches) {

    /** Refuses names that cannot be understood. */
    static void check(String workspace, String batchId) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(workspace));
        BatchIds.check("batch_id", batchId, violations);
        violations.refuse();
    }

    /**
     * The account of an id.
     *
     * @throws CallFailure BATCH_NOT_FOUND
     */
    Batch byId(long workspace, String id) {
        BatchIds.requirePossible(id);
        return batches.find(workspace, id).orElseThrow(() -> missing("batch", id));
    }

    /**
     * The account a request id stands for.
     *
     * @throws CallFailure BATCH_NOT_FOUND
     */
    Batch byRequestId(long workspace, String id) {
        return batches.findByRequestId(workspace, id).orElseThrow(() -> missing("request_id", id));
    }

    /** The failure of a call about a batch that is not there. */
    static CallFailure missing(String what, String id) {
        return Directory.missing(Reason.BATCH_NOT_FOUND, what, id);
    }
}
