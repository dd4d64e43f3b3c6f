package dev.tranche.server.model;

import dev.tranche.server.model.State.Document;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.Outcome;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a call must come to.
 *
 * @param malformed whether the request as such is refused; then there are no results
 * @param failed whether the call fails because of its operations
 * @param results one per operation, also those that the reply leaves out
 */
record Expected(boolean malformed, boolean failed, List<Result> results) {

    /**
     * What one operation must come to.
     *
     * @param recordId empty if there is none
     * @param version 0 if there is none
     * @param etag empty if there is none
     */
    record Result(
            Outcome outcome,
            String recordId,
            long version,
            String etag,
            @Nullable Problem problem,
            @Nullable Resource resource) {

        static Result without(Outcome outcome) {
            return new Result(outcome, "", 0, "", null, null);
        }

        static Result failed(Problem problem) {
            return new Result(Outcome.OUTCOME_FAILED, "", 0, "", problem, null);
        }

        boolean succeeded() {
            return switch (outcome) {
                case OUTCOME_FAILED, OUTCOME_ROLLED_BACK, OUTCOME_NOT_ATTEMPTED -> false;
                default -> true;
            };
        }
    }

    /**
     * Why an operation fails.
     *
     * @param existing the ids of which one must be named as in the way; null if none may be
     * @param constraint empty if there is none
     * @param paths of the field violations; null if the contract leaves them open
     */
    record Problem(
            ErrorReason reason,
            @Nullable Integer earlier,
            @Nullable Set<String> existing,
            String constraint,
            @Nullable Set<String> paths) {

        static Problem of(ErrorReason reason) {
            return new Problem(reason, null, null, "", null);
        }

        static Problem at(ErrorReason reason, String... paths) {
            return of(reason).with(Set.of(paths));
        }

        Problem causedBy(@Nullable Integer index) {
            return new Problem(reason, index, existing, constraint, paths);
        }

        Problem inTheWay(Set<String> ids) {
            return new Problem(reason, earlier, ids, constraint, paths);
        }

        Problem of(String uniqueConstraint) {
            return new Problem(reason, earlier, existing, uniqueConstraint, paths);
        }

        Problem with(Set<String> violated) {
            return new Problem(reason, earlier, existing, constraint, violated);
        }
    }

    /** What an operation left or read. */
    sealed interface Resource {
        /** A record; its id, version and etag are those of the result. */
        record OfRecord(String collection, int incarnation, Document data, boolean deleted)
                implements Resource {}

        /** A relationship. */
        record OfLink(
                String type,
                String sourceCollection,
                String source,
                String targetCollection,
                String target,
                @Nullable Document data)
                implements Resource {}

        /** A collection. */
        record OfCollection(String name, State.Definition definition) implements Resource {}
    }
}
