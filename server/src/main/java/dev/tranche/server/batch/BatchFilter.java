package dev.tranche.server.batch;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which accounts of a workspace somebody wants to see: those that all of this holds for.
 *
 * @param workspaceId surrogate id of the workspace
 * @param kinds one of these; empty means any
 * @param states as callers see them, one of these; empty means any
 * @param createdBy id of the actor; null means anybody
 * @param from the first moment of their submission, to the microsecond; null means the beginning
 * @param before the moment after the last one, to the microsecond; null means the end
 * @param labels they have all of these
 */
public record BatchFilter(
        long workspaceId,
        Set<BatchKind> kinds,
        Set<BatchState> states,
        @Nullable String createdBy,
        @Nullable Instant from,
        @Nullable Instant before,
        Map<String, String> labels) {

    /** The same filter for another workspace. */
    public BatchFilter in(long workspace) {
        return new BatchFilter(workspace, kinds, states, createdBy, from, before, labels);
    }
}
