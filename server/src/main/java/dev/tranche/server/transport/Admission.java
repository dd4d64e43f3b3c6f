package dev.tranche.server.transport;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what all calls take together, and those of one workspace: how many there are, and the bytes
 * of their requests. Bytes count as they arrive, before a message is whole, so that callers who open
 * calls and send nothing keep nobody out; the call whose bytes are too many is refused.
 */
final class Admission extends ServerStreamTracer.Factory {
    private static final Context.Key<Ticket> TICKET = Context.key("tranche-ticket");
    private static final Duration OVERLOADED_DELAY = Duration.ofSeconds(1);

    private final Share all;
    private final WorkspaceShares workspaces;

    Admission(ServerLimits.Calls limits) {
        this.all = new Share(limits.atOnceMax(), limits.bytesMax());
        this.workspaces =
                new WorkspaceShares(limits.workspaceAtOnceMax(), limits.workspaceBytesMax());
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new Ticket();
    }

    /** That of the call being started on this thread. */
    static Ticket current() {
        return TICKET.get();
    }

    /** Bytes of requests that are held now. */
    long bytesHeld() {
        return all.bytesHeld();
    }

    /** Calls that are worked on now. */
    int calls() {
        return all.calls();
    }

    /** Workspaces that have calls now. */
    int workspaces() {
        return workspaces.count();
    }

    /**
     * Waits until no call is being worked on.
     *
     * @return whether that came true in time
     */
    boolean awaitIdle(Duration time) throws InterruptedException {
        return all.awaitIdle(time);
    }

    private static CallFailure overload(String what, boolean begun) {
        String state = begun ? "what was answered stands" : "nothing was started";
        return new CallFailure(
                new Failure.TryAgain(
                        Reason.OVERLOADED,
                        "the server has too many " + what + " to deal with; " + state,
                        OVERLOADED_DELAY));
    }

    /** What one call takes. Its bytes are given back when the stream and the work are both over. */
    final class Ticket extends ServerStreamTracer {
        private static final int STREAM = 1;

        private volatile long lastReceivedNanos = System.nanoTime();

        /** Of the message that is coming in. */
        private long wireBytes;

        private long messageBytes;
        private long counted;

        /** Of all messages that have come in and are not dealt with. */
        private long held;

        private int holders = STREAM;
        private boolean begun;
        private boolean refused;
        private @Nullable CallFailure refusal;
        private @Nullable Consumer<CallFailure> whenRefused;
        private @Nullable Claim claim;

        private record Claim(String workspace, Share share) {}

        @Override
        public Context filterContext(Context context) {
            return context.withValue(TICKET, this);
        }

        /**
         * Work on the call begins.
         *
         * @param onRefusal runs, on any thread, when its bytes turn out to be too many
         * @throws CallFailure OVERLOADED if there are too many calls; then it has not begun
         */
        void enter(Consumer<CallFailure> onRefusal) {
            if (!all.enter()) {
                throw overload("calls", false);
            }
            CallFailure already;
            synchronized (this) {
                holders++;
                whenRefused = onRefusal;
                already = refusal;
            }
            if (already != null) {
                onRefusal.accept(already);
            }
        }

        /**
         * The call turns out to be about a workspace; or about another than it said at first.
         *
         * @throws CallFailure OVERLOADED if that has too many calls, or bytes of requests
         */
        synchronized void claim(String workspace) {
            if (claim != null && claim.workspace().equals(workspace)) {
                return;
            }
            leaveWorkspace();
            giveWorkspaceBack();
            Share share = workspaces.take(workspace);
            if (!share.enter()) {
                workspaces.giveBack(workspace);
                throw overload("calls of workspace \"" + workspace + '"', false);
            }
            claim = new Claim(workspace, share);
            if (!share.hold(held)) {
                throw overload(bytesOf(workspace), false);
            }
        }

        /** Work on the call is over. */
        synchronized void leave() {
            leaveWorkspace();
            release();
            all.leave();
        }

        /** When the last byte came in, by {@link System#nanoTime}. */
        long lastReceivedNanos() {
            return lastReceivedNanos;
        }

        /**
         * A message is whole; what comes in now is of the next one.
         *
         * @return what it takes, to be given back when it is dealt with
         */
        synchronized long whole() {
            long bytes = counted;
            wireBytes = 0;
            messageBytes = 0;
            counted = 0;
            return bytes;
        }

        /** Something that {@link #whole} said is dealt with. */
        synchronized void giveBack(long bytes) {
            begun = true;
            hold(-bytes);
        }

        /** Whether it would be better not to take more than one needs. */
        synchronized boolean isCrowded() {
            return all.isCrowded() || (claim != null && claim.share().isCrowded());
        }

        @Override
        public void inboundWireSize(long more) {
            lastReceivedNanos = System.nanoTime();
            receive(more, 0);
        }

        @Override
        public void inboundUncompressedSize(long more) {
            receive(0, more);
        }

        @Override
        public synchronized void streamClosed(Status status) {
            release();
        }

        private void receive(long moreWire, long moreMessage) {
            Consumer<CallFailure> tell = null;
            CallFailure failure;
            synchronized (this) {
                wireBytes += moreWire;
                messageBytes += moreMessage;
                long more = Math.max(wireBytes, messageBytes) - counted;
                failure = holders > 0 && more > 0 ? count(more) : null;
                if (failure != null && !refused) {
                    refused = true;
                    refusal = failure;
                    tell = whenRefused;
                }
            }
            if (tell != null && failure != null) {
                tell.accept(failure);
            }
        }

        private @Nullable CallFailure count(long more) {
            counted += more;
            String tooMany = hold(more);
            return tooMany == null ? null : overload(tooMany, begun);
        }

        /** Counts bytes everywhere; says what there are too many of, or null. */
        private @Nullable String hold(long more) {
            held += more;
            boolean allFit = all.hold(more);
            if (claim != null && !claim.share().hold(more)) {
                return bytesOf(claim.workspace());
            }
            return allFit ? null : "bytes of requests";
        }

        private static String bytesOf(String workspace) {
            return "bytes of requests of workspace \"" + workspace + '"';
        }

        private void release() {
            holders--;
            if (holders == 0) {
                hold(-held);
                if (claim != null) {
                    workspaces.giveBack(claim.workspace());
                    claim = null;
                }
            }
        }

        private void leaveWorkspace() {
            if (claim != null) {
                claim.share().leave();
            }
        }

        private void giveWorkspaceBack() {
            if (claim != null) {
                claim.share().hold(-held);
                workspaces.giveBack(claim.workspace());
                claim = null;
            }
        }
    }
}
