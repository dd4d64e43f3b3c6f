package dev.tranche.server.transport;

import dev.tranche.server.insert.Candidate;
import dev.tranche.server.insert.InsertRequest;
import dev.tranche.server.insert.RetryRequest;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.Replacement;
import dev.tranche.v1.RetryBatchInsertRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code BatchInsert} and {@code RetryBatchInsert}.
 *
 * @param candidates reads the records
 */
record InsertDecoder(CandidateDecoder candidates) {
    /** No batch has more records, whatever the settings. */
    private static final int INDEXES_MAX = 100_000;

    /**
     * Reads what is not about a single record; those are read when they are due.
     *
     * @throws CallFailure INVALID_REQUEST
     */
    InsertRequest decode(InsertMessage message) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(message.workspace()));
        violations.check("collection", Identifiers.collectionName(message.collection()));
        violations.refuse();
        return new InsertRequest(message.workspace(), message.collection(), records(message));
    }

    /**
     * Reads a retry.
     *
     * @throws CallFailure INVALID_REQUEST; BATCH_NOT_FOUND for an id that no batch can have
     */
    RetryRequest decode(RetryBatchInsertRequest message) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(message.getWorkspace()));
        BatchIds.check("batch_id", message.getBatchId(), violations);
        atMost("retry_indices", message.getRetryIndicesCount(), violations);
        atMost("replacements", message.getReplacementsCount(), violations);
        violations.refuse();
        List<RetryRequest.Replacement> replacements = new ArrayList<>();
        for (int i = 0; i < message.getReplacementsCount(); i++) {
            String path = "replacements[" + i + "]";
            replacements.add(replacement(message.getReplacements(i), path, violations));
        }
        violations.refuse();
        BatchIds.requirePossible(message.getBatchId());
        return new RetryRequest(
                message.getWorkspace(),
                message.getBatchId(),
                message.getRetryIndicesList(),
                replacements,
                message.getIgnoreConstraints());
    }

    private InsertRequest.Records records(InsertMessage message) {
        return new InsertRequest.Records() {
            @Override
            public int count() {
                return message.count();
            }

            @Override
            public Candidate get(int index) {
                return candidates.decode(message.record(index), "records[" + index + "]");
            }
        };
    }

    private RetryRequest.Replacement replacement(
            Replacement replacement, String path, Violations violations) {
        if (!replacement.hasRecord()) {
            violations.add(path + ".record", "none given, one allowed");
        }
        return new RetryRequest.Replacement(
                replacement.getIndex(),
                candidates.decode(replacement.getRecord(), path + ".record"));
    }

    private static void atMost(String path, int given, Violations violations) {
        if (given > INDEXES_MAX) {
            violations.add(path, given + " given, at most " + INDEXES_MAX + " allowed");
        }
    }
}
