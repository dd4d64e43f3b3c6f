package dev.tranche.server.transport;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Reason;
import java.util.regex.Pattern;

/** Checks ids of batches. The server makes them, so one that looks otherwise is of no batch. */
final class BatchIds {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int SHOWN_BYTES_MAX = 64;

    private BatchIds() {}

    /** Adds a violation if there is none. */
    static void check(String path, String id, Violations violations) {
        if (id.isEmpty()) {
            violations.add(path, "none given, one allowed");
        }
    }

    /**
     * Ends a call that asks for a batch which cannot be.
     *
     * @throws CallFailure BATCH_NOT_FOUND
     */
    static void requirePossible(String id) {
        if (!UUID.matcher(id).matches()) {
            throw Directory.missing(Reason.BATCH_NOT_FOUND, "batch", Utf8.cut(id, SHOWN_BYTES_MAX));
        }
    }
}
