package dev.tranche.server.transport;

import dev.tranche.server.execute.ExecuteLimits;
import dev.tranche.server.insert.InsertLimits;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.OperationLimits;
import dev.tranche.server.operation.Reason;
import java.time.Duration;

/** What callers may take of the server. */
public record ServerLimits(Batches batches, Calls calls, Connection connection) {

    /**
     * What a batch may be; the rooms that it is about keep most of it, callers can ask for all of it.
     *
     * @param enabled whether batches are taken; reads always are
     * @param loadRoundsMax rounds of reading of one transaction
     * @param loadBytesMax UTF-8 bytes of JSON text of the records that one transaction reads
     * @param accountsTime how long the account of a batch is kept after its last change
     * @param watchInterval between two looks at a batch that somebody follows
     */
    public record Batches(
            boolean enabled,
            ExecuteLimits execute,
            InsertLimits insert,
            OperationLimits operation,
            int loadRoundsMax,
            long loadBytesMax,
            Duration accountsTime,
            Duration watchInterval) {

        /**
         * Lets no batch begin while they are switched off.
         *
         * @throws CallFailure BATCH_DISABLED
         */
        void requireEnabled() {
            if (!enabled) {
                throw new CallFailure(
                        new Failure.Refused(
                                Reason.BATCH_DISABLED,
                                "the operator has switched batches off (--batches-enabled)"));
            }
        }
    }

    /**
     * What a call may take.
     *
     * @param requestBytesMax of one request message, encoded
     * @param replyBytesMax of one reply message, encoded
     * @param atOnceMax calls at once, all connections together
     * @param bytesMax of the requests of all calls together, from their first byte in until the call
     *     has ended; of one that streams until a message is dealt with
     * @param workspaceAtOnceMax calls at once that are about one workspace
     * @param workspaceBytesMax of the requests of all calls that are about one workspace
     * @param stallMax how long a caller may neither send nor take anything
     * @param heartbeatInterval how long a stream of results may be quiet
     * @param shutdownGrace how long running calls may go on after the stop has begun
     */
    public record Calls(
            int requestBytesMax,
            int replyBytesMax,
            int atOnceMax,
            long bytesMax,
            int workspaceAtOnceMax,
            long workspaceBytesMax,
            Duration stallMax,
            Duration heartbeatInterval,
            Duration shutdownGrace) {}

    /**
     * What one HTTP/2 connection may take.
     *
     * @param callsMax at once
     * @param headerBytesMax of a call's headers, as HTTP/2 counts them
     * @param handshakeTimeMax until the connection is ready for calls
     * @param idleMax without a call, then it is closed
     * @param ageMax then it takes no new calls
     * @param ageGrace how long after that its running calls may go on
     * @param keepaliveIntervalMin between two pings of the caller
     * @param keepaliveInterval of silence, then the server pings
     * @param keepaliveTimeMax for the answer to that ping
     * @param resetsMax streams that the caller may reset within {@code resetsWindow}
     * @param resetsWindow whole seconds
     */
    public record Connection(
            int callsMax,
            int headerBytesMax,
            Duration handshakeTimeMax,
            Duration idleMax,
            Duration ageMax,
            Duration ageGrace,
            Duration keepaliveIntervalMin,
            Duration keepaliveInterval,
            Duration keepaliveTimeMax,
            int resetsMax,
            Duration resetsWindow) {}
}
