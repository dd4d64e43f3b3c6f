package dev.tranche.server.insert;

import java.util.List;

/**
 * A {@code RetryBatchInsert}.
 *
 * @param workspace name of the workspace
 * @param indexes what to try again; empty means every failed one
 * @param replacements corrected records; their indexes are tried as well
 * @param ignoreConstraints whether unique constraints hold the records back
 */
public record RetryRequest(
        String workspace,
        String batchId,
        List<Integer> indexes,
        List<Replacement> replacements,
        boolean ignoreConstraints) {

    /** A record in the place of the one that was given first. */
    public record Replacement(int index, Candidate record) {}
}
