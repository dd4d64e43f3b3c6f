package dev.tranche.server.batch;

import java.time.Duration;

/**
 * How long things are kept after they are over.
 *
 * @param payloads of failed records, since they were last tried
 * @param accounts of batches, since their last change; at least 24 hours
 * @param tombstones of records, collections and workspaces, since they were deleted
 */
public record Retention(Duration payloads, Duration accounts, Duration tombstones) {
    /** How long a request id stays taken after its last commit, though its account is deleted. */
    public static final Duration REQUEST_IDS = Duration.ofHours(24);
}
