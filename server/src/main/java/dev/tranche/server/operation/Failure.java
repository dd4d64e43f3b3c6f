package dev.tranche.server.operation;

import dev.tranche.server.schema.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Why a whole call failed. The transport maps each to a status; nobody else does. */
public sealed interface Failure {

    /** The reason callers program against. */
    Reason reason();

    /** For people: what was given and what is allowed. */
    String message();

    /**
     * The request cannot be understood.
     *
     * @param violations at least one
     */
    record InvalidRequest(List<Violation> violations) implements Failure {
        @Override
        public Reason reason() {
            return Reason.INVALID_REQUEST;
        }

        @Override
        public String message() {
            return ItemError.summary(violations);
        }
    }

    /**
     * Something is larger than a limit.
     *
     * @param limit the setting that allows more
     * @param path where in the request
     */
    record LimitExceeded(String limit, String path, long given, long allowed) implements Failure {
        @Override
        public Reason reason() {
            return Reason.LIMIT_EXCEEDED;
        }

        @Override
        public String message() {
            return path + ": " + given + " given, at most " + allowed + " allowed (" + limit + ")";
        }
    }

    /**
     * Operations failed, so the whole batch was rolled back.
     *
     * @param errors of those that failed, ascending by index; at least one
     * @param begun whether a transaction had begun; false of a dry run
     * @param list the field of the request that the indexes are of; empty if it is one operation
     */
    record RolledBack(List<IndexedError> errors, boolean begun, String list) implements Failure {

        /** The failure of an {@code ExecuteBatch}. */
        public RolledBack(List<IndexedError> errors, boolean begun) {
            this(errors, begun, "operations");
        }

        @Override
        public Reason reason() {
            return errors.getFirst().error().reason();
        }

        @Override
        public String message() {
            IndexedError first = errors.getFirst();
            String place = list.isEmpty() ? "" : list + "[" + first.index() + "]";
            String said = first.error().message();
            String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
            return (said.startsWith(place) ? said : place + ": " + said)
                    + more
                    + "; nothing was written";
        }
    }

    /**
     * What a call names is not there, or already is.
     *
     * @param variables what the message is made of, by name
     */
    record Refused(Reason reason, String message, Map<String, String> variables)
            implements Failure {

        /** A refusal whose message has nothing in it that programs need. */
        public Refused(Reason reason, String message) {
            this(reason, message, Map.of());
        }

        /**
         * Something that is named and not there.
         *
         * @param what it is: workspace, for one
         */
        public static Refused missing(Reason reason, String what, String name) {
            String message = what + " \"" + name + "\" does not exist";
            return new Refused(reason, message, Map.of(what, name));
        }
    }

    /**
     * The reply is larger than what callers are ready for; what was under way is rolled back.
     *
     * @param given bytes of the encoded reply, or of its beginning up to where it got too large
     * @param allowed bytes
     */
    record ReplyTooLarge(long given, long allowed) implements Failure {
        @Override
        public Reason reason() {
            return Reason.RESPONSE_TOO_LARGE;
        }

        @Override
        public String message() {
            return "reply of "
                    + given
                    + " bytes or more, at most "
                    + allowed
                    + " allowed (--reply-bytes-max); nothing was written";
        }
    }

    /** Worth repeating after a while. */
    record TryAgain(Reason reason, String message, Duration delay) implements Failure {}

    /**
     * The server's time limit or the caller's deadline ran out; what was under way is rolled back.
     *
     * @param limit what there was
     */
    record TimedOut(Duration limit) implements Failure {
        @Override
        public Reason reason() {
            return Reason.BATCH_TIMEOUT;
        }

        @Override
        public String message() {
            return "not finished within " + limit.toMillis() + " ms; rolled back";
        }
    }

    /**
     * The caller neither sent nor took anything for too long.
     *
     * @param limit how long that may last
     */
    record Stalled(Duration limit) implements Failure {
        @Override
        public Reason reason() {
            return Reason.BATCH_TIMEOUT;
        }

        @Override
        public String message() {
            return "the caller sent and took nothing for " + limit.toMillis() + " ms";
        }
    }

    /** The caller went away; what was under way is rolled back. */
    record Cancelled() implements Failure {
        @Override
        public Reason reason() {
            return Reason.BATCH_TIMEOUT;
        }

        @Override
        public String message() {
            return "cancelled by the caller";
        }
    }

    /**
     * The connection broke at COMMIT, and the truth could not be found out.
     *
     * @param repeatable whether the call carried a request id, so that repeating it is safe
     */
    record OutcomeUnknown(boolean repeatable) implements Failure {
        @Override
        public Reason reason() {
            return Reason.OUTCOME_UNKNOWN;
        }

        @Override
        public String message() {
            return "the connection to the database broke at COMMIT; whether the batch was committed"
                    + " is not known";
        }
    }

    /** An item's error at its place. */
    record IndexedError(int index, ItemError error) {}
}
