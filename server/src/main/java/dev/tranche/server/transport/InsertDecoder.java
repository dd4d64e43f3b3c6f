package dev.tranche.server.transport;

import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.insert.Candidate;
import dev.tranche.server.insert.InsertOrder;
import dev.tranche.server.insert.InsertRequest;
import dev.tranche.server.insert.RetryRequest;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.Replacement;
import dev.tranche.v1.RetryBatchInsertRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code BatchInsert} and {@code RetryBatchInsert}.
 *
 * @param candidates reads the records
 */
record InsertDecoder(CandidateDecoder candidates) {
    /** No batch has more records, whatever the settings. */
    private static final int INDEXES_MAX = 100_000;

    /**
     * A {@code BatchInsert}, and how it is to be answered.
     *
     * @param validateOnly whether only to find out what would happen
     * @param failuresOnly whether only results of records that are not in force are sent
     */
    record Insert(InsertRequest request, boolean validateOnly, boolean failuresOnly) {}

    /**
     * Reads what is not about a single record; those are read when they are due.
     *
     * @throws CallFailure INVALID_REQUEST
     */
    Insert decode(InsertMessage message) {
        Violations violations = new Violations();
        BatchInsertRequest head = message.head();
        InsertOptionsDecoder options = new InsertOptionsDecoder(violations);
        boolean failuresOnly =
                options.failuresOnly(head.getResultFilter(), head.getResultFilterValue());
        InsertOrder order =
                order(
                        head.getWorkspace(),
                        head.getCollection(),
                        options.decode(head),
                        head.getRequestId(),
                        head.getLabelsMap(),
                        violations);
        violations.refuse();
        return new Insert(
                new InsertRequest(order, records(message)), head.getValidateOnly(), failuresOnly);
    }

    /** What is asked of an insert, checked. */
    static InsertOrder order(
            String workspace,
            String collection,
            InsertOptions options,
            String requestId,
            Map<String, String> labels,
            Violations violations) {
        violations.check("workspace", Identifiers.name(workspace));
        violations.check("collection", Identifiers.collectionName(collection));
        if (!requestId.isEmpty()) {
            violations.check("request_id", Identifiers.requestId(requestId));
        }
        return new InsertOrder(
                workspace,
                collection,
                options,
                requestId.isEmpty() ? null : requestId,
                LabelDecoder.decode(labels, violations));
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
            public Candidate get(int index, boolean asTree) {
                return message.record(index, candidates, asTree);
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
                candidates.decode(replacement.getRecord(), path + ".record", false));
    }

    private static void atMost(String path, int given, Violations violations) {
        if (given > INDEXES_MAX) {
            violations.add(path, given + " given, at most " + INDEXES_MAX + " allowed");
        }
    }
}
