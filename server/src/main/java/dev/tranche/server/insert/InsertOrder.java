package dev.tranche.server.insert;

import dev.tranche.server.batch.InsertOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of an insert, whatever way its records come.
 *
 * @param workspace name of the workspace
 * @param collection name of the collection
 * @param requestId idempotency key; null for none
 * @param labels for the account
 */
public record InsertOrder(
        String workspace,
        String collection,
        InsertOptions options,
        @Nullable String requestId,
        Map<String, String> labels) {}
