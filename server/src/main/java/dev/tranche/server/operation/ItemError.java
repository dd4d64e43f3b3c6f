package dev.tranche.server.operation;

import dev.tranche.server.schema.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why one operation or record failed: data, stored with the batch.
 *
 * @param message what was given and what is allowed
 * @param violations paths from the root of the request; below {@code data} an RFC 6901 pointer
 * @param constraint name of the unique constraint that clashed
 * @param existingRecordId the record in the way
 * @param earlierIndex the twin inside the request, or the operation this one depended on
 */
public record ItemError(
        Reason reason,
        String message,
        List<Violation> violations,
        @Nullable String constraint,
        @Nullable String existingRecordId,
        @Nullable Integer earlierIndex) {

    /** An error without further particulars. */
    public static ItemError of(Reason reason, String message) {
        return new ItemError(reason, message, List.of(), null, null, null);
    }

    /** An error at paths of the request. */
    public static ItemError at(Reason reason, String message, List<Violation> violations) {
        return new ItemError(reason, message, violations, null, null, null);
    }

    /** An error whose message is the first of what is wrong. */
    public static ItemError of(Reason reason, List<Violation> violations) {
        return at(reason, summary(violations), violations);
    }

    /** The first violation, and how many more there are. */
    static String summary(List<Violation> violations) {
        Violation first = violations.getFirst();
        String more = violations.size() == 1 ? "" : " (and " + (violations.size() - 1) + " more)";
        return first.path() + ": " + first.description() + more;
    }

    /** The same error, caused by an earlier item of the request. */
    public ItemError causedBy(@Nullable Integer index) {
        return new ItemError(reason, message, violations, constraint, existingRecordId, index);
    }
}
