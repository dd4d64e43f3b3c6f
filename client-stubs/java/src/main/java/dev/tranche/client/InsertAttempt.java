package dev.tranche.client;

import dev.tranche.v1.Batch;
import dev.tranche.v1.RecordResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call of an insert that takes as many calls as it needs. */
interface InsertAttempt {

    /** Opens calls. */
    @FunctionalInterface
    interface Opener {

        /**
         * Opens one.
         *
         * @param resultsFrom index of the first result that is still wanted
         */
        InsertAttempt open(int resultsFrom);
    }

    /**
     * What a call says.
     *
     * @param results ascending by index; may be empty
     * @param summary the account at its end; null before that
     */
    record Message(List<RecordResult> results, @Nullable Batch summary) {
        static final Message NOTHING = new Message(List.of(), null);

        static Message of(List<RecordResult> results) {
            return new Message(results, null);
        }

        static Message of(Batch summary) {
            return new Message(List.of(), summary);
        }
    }

    /**
     * Waits for the next message.
     *
     * @throws io.grpc.StatusRuntimeException if the call broke or failed
     */
    Message next() throws InterruptedException;

    /** Ends the call if it has not ended. */
    void cancel();
}
