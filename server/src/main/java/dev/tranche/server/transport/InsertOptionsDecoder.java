package dev.tranche.server.transport;

import dev.tranche.server.batch.Atomicity;
import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.batch.OnConflict;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.ResultFilter;
import org.jspecify.annotations.Nullable;

/** Reads how records are to be inserted, and refuses what contradicts itself. */
final class InsertOptionsDecoder {
    private final Violations violations;

    InsertOptionsDecoder(Violations violations) {
        this.violations = violations;
    }

    InsertOptions decode(BatchInsertRequest head) {
        Atomicity atomicity = atomicity(head.getAtomicity(), head.getAtomicityValue());
        if (atomicity == Atomicity.ALL) {
            refuseWithAll("ordered", head.getOrdered());
            refuseWithAll("max_failures", head.getMaxFailures() != 0);
        }
        return options(
                onConflict(head.getOnConflict(), head.getOnConflictValue()),
                head.getConflictConstraint(),
                atomicity,
                head.getOrdered(),
                head.getMaxFailures());
    }

    /** Those that have been read, if they go together. */
    InsertOptions options(
            OnConflict onConflict,
            String conflictConstraint,
            Atomicity atomicity,
            boolean ordered,
            int maxFailures) {
        if (maxFailures < 0) {
            violations.add("max_failures", maxFailures + " given, 0 or more allowed");
        } else if (ordered && maxFailures > 0) {
            violations.add("max_failures", "given with ordered, only one of them allowed");
        }
        return new InsertOptions(
                onConflict,
                constraint(conflictConstraint, onConflict),
                atomicity,
                ordered ? 1 : maxFailures,
                ordered);
    }

    OnConflict onConflict(dev.tranche.v1.OnConflict given, int number) {
        return switch (given) {
            case ON_CONFLICT_UNSPECIFIED, ON_CONFLICT_FAIL -> OnConflict.FAIL;
            case ON_CONFLICT_SKIP -> OnConflict.SKIP;
            case ON_CONFLICT_UPDATE -> OnConflict.UPDATE;
            case UNRECOGNIZED -> {
                violations.add("on_conflict", "unknown value " + number + " given");
                yield OnConflict.FAIL;
            }
        };
    }

    /** Whether only the results of records that are not in force are wanted. */
    boolean failuresOnly(ResultFilter given, int number) {
        return switch (given) {
            case RESULT_FILTER_UNSPECIFIED, RESULT_FILTER_ALL -> false;
            case RESULT_FILTER_FAILURES_ONLY -> true;
            case UNRECOGNIZED -> {
                violations.add("result_filter", "unknown value " + number + " given");
                yield false;
            }
        };
    }

    private Atomicity atomicity(dev.tranche.v1.Atomicity given, int number) {
        return switch (given) {
            case ATOMICITY_UNSPECIFIED, ATOMICITY_PER_RECORD -> Atomicity.PER_RECORD;
            case ATOMICITY_ALL -> Atomicity.ALL;
            case UNRECOGNIZED -> {
                violations.add("atomicity", "unknown value " + number + " given");
                yield Atomicity.PER_RECORD;
            }
        };
    }

    private @Nullable String constraint(String given, OnConflict onConflict) {
        if (given.isEmpty()) {
            return null;
        }
        violations.check("conflict_constraint", Identifiers.name(given));
        if (onConflict != OnConflict.UPDATE) {
            violations.add("conflict_constraint", "given without ON_CONFLICT_UPDATE");
        }
        return given;
    }

    private void refuseWithAll(String field, boolean given) {
        if (given) {
            violations.add(field, "given with ATOMICITY_ALL, which tries every record");
        }
    }
}
