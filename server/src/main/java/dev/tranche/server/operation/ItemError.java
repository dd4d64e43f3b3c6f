package dev.tranche.server.operation;

import dev.tranche.server.schema.Violation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why one operation or record failed: data, stored with the batch.
 *
 * @param message what was given and what is allowed
 * @param violations paths from the root of the request; below {@code data} an RFC 6901 pointer
 * @param constraint name of the unique constraint that clashed
 * @param existingRecordId the record in the way
 * @param earlierIndex the twin inside the request, or the operation this one depended on
 * @param variables further values that the message is made of, by name; not stored
 */
public record ItemError(
        Reason reason,
        String message,
        List<Violation> violations,
        @Nullable String constraint,
        @Nullable String existingRecordId,
        @Nullable Integer earlierIndex,
        Map<String, String> variables) {

    /** An error without further particulars. */
    public static ItemError of(Reason reason, String message) {
        return new ItemError(reason, message, List.of(), null, null, null, Map.of());
    }

    /** An error whose message is the first of what is wrong. */
    public static ItemError of(Reason reason, List<Violation> violations) {
        return of(reason, summary(violations)).at(violations);
    }

    static ItemError of(Reason reason, Message message) {
        return new ItemError(
                reason, message.text(), List.of(), null, null, null, message.variables());
    }

    /** The first violation, and how many more there are. */
    static String summary(List<Violation> violations) {
        Violation first = violations.getFirst();
        String more = violations.size() == 1 ? "" : " (and " + (violations.size() - 1) + " more)";
        return first.path() + ": " + first.description() + more;
    }

    /** The same error, at paths of the request. */
    ItemError at(List<Violation> places) {
        return new ItemError(
                reason, message, places, constraint, existingRecordId, earlierIndex, variables);
    }

    /** The same error, at one path of the request. */
    ItemError at(String path) {
        return at(List.of(new Violation(path, message)));
    }

    /** The same error, about a unique constraint. */
    ItemError of(@Nullable String name) {
        return new ItemError(
                reason, message, violations, name, existingRecordId, earlierIndex, variables);
    }

    /** The same error, with the record in the way. */
    ItemError because(String recordId) {
        return new ItemError(
                reason, message, violations, constraint, recordId, earlierIndex, variables);
    }

    /** The same error, caused by an earlier item of the request. */
    public ItemError causedBy(@Nullable Integer index) {
        return new ItemError(
                reason, message, violations, constraint, existingRecordId, index, variables);
    }
}
