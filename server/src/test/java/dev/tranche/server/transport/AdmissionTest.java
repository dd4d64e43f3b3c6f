package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.transport.Admission.Ticket;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
    private final Admission admission = new Admission(calls(2, 100));
    private final List<CallFailure> refusals = new ArrayList<>();

    @Test
    void takesAsManyCallsAsItMayAndNotOneMore() {
        Ticket first = ticket();

        enter(first);
        enter(ticket());
        assertOverloaded(() -> enter(ticket()), "calls");

        first.leave();
        enter(ticket());
        assertThat(admission.calls()).isEqualTo(2);
    }

    @Test
    void refusesTheCallWhoseByteIsOneTooMany() {
        Ticket first = ticket();
        Ticket second = ticket();
        enter(first);
        enter(second);

        first.inboundWireSize(60);
        second.inboundWireSize(40);
        assertThat(refusals).isEmpty();

        second.inboundWireSize(1);
        assertThat(refusals).hasSize(1);
    }

    @Test
    void countsAMessageOnceThoughItIsReadTwice() {
        Ticket ticket = ticket();
        enter(ticket);
        ticket.inboundWireSize(60);
        ticket.inboundUncompressedSize(55);

        assertThat(admission.bytesHeld()).isEqualTo(60);
    }

    @Test
    void countsWhatAMessageIsDecompressed() {
        Ticket ticket = ticket();
        enter(ticket);
        ticket.inboundWireSize(10);
        ticket.inboundUncompressedSize(101);

        assertThat(refusals).hasSize(1);
    }

    @Test
    void tellsACallThatWasRefusedBeforeItBegan() {
        Ticket ticket = ticket();
        ticket.inboundWireSize(101);
        enter(ticket);

        assertThat(refusals).hasSize(1);
    }

    @Test
    void keepsTheBytesUntilTheStreamAndTheWorkAreOver() {
        Ticket ticket = ticket();
        enter(ticket);
        ticket.inboundWireSize(60);

        ticket.streamClosed(Status.CANCELLED);
        assertThat(admission.bytesHeld()).isEqualTo(60);

        ticket.leave();
        assertThat(admission.bytesHeld()).isZero();
    }

    @Test
    void givesBackTheBytesOfACallThatNeverBegan() {
        Ticket ticket = ticket();
        ticket.inboundWireSize(60);
        ticket.streamClosed(Status.CANCELLED);

        assertThat(admission.bytesHeld()).isZero();
    }

    @Test
    void waitsForCallsToEnd() throws InterruptedException {
        Ticket ticket = ticket();
        enter(ticket);
        assertThat(admission.awaitIdle(Duration.ofMillis(1))).isFalse();

        Thread.ofVirtual().start(ticket::leave);
        assertThat(admission.awaitIdle(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void givesBackWhatAStreamHasDealtWith() {
        Ticket ticket = ticket();
        enter(ticket);
        ticket.inboundWireSize(60);
        long first = ticket.whole();
        ticket.inboundWireSize(30);
        ticket.inboundUncompressedSize(40);
        assertThat(admission.bytesHeld()).isEqualTo(100);

        ticket.giveBack(first);
        assertThat(admission.bytesHeld()).isEqualTo(40);
        ticket.inboundWireSize(70);
        assertThat(admission.bytesHeld()).isEqualTo(100);
        assertThat(refusals).isEmpty();

        ticket.inboundWireSize(1);
        assertThat(refusals).hasSize(1);
        assertThat(refusals.getFirst()).hasMessageContaining("what was answered stands");
    }

    @Test
    void takesAsManyCallsOfAWorkspaceAsItMayAndNotOneMore() {
        Admission shared = new Admission(calls(10, 1_000, 2, 100));
        Ticket first = claimed(shared, "a");
        claimed(shared, "a");
        assertOverloaded(() -> claimed(shared, "a"), "calls of workspace \"a\"");
        claimed(shared, "b");

        first.leave();
        claimed(shared, "a");
    }

    @Test
    void refusesTheCallWhoseByteIsOneTooManyForItsWorkspace() {
        Admission shared = new Admission(calls(10, 1_000, 2, 100));
        Ticket first = claimed(shared, "a");
        claimed(shared, "b").inboundWireSize(90);
        first.inboundWireSize(60);
        first.inboundWireSize(40);
        assertThat(refusals).isEmpty();

        first.inboundWireSize(1);
        assertThat(refusals).hasSize(1);
        assertThat(refusals.getFirst())
                .hasMessageContaining("bytes of requests of workspace \"a\"")
                .hasMessageContaining("nothing was started");
    }

    @Test
    void refusesACallWhoseMessageSaysTooLateWhatWorkspaceItIsAbout() {
        Admission shared = new Admission(calls(10, 1_000, 2, 100));
        claimed(shared, "a").inboundWireSize(60);
        Ticket second = ticket(shared);
        enter(second);
        second.inboundWireSize(41);

        assertOverloaded(() -> second.claim("a"), "bytes of requests of workspace \"a\"");
        second.leave();
        second.streamClosed(Status.OK);
        assertThat(admission.bytesHeld()).isZero();
    }

    @Test
    void believesTheMessageRatherThanTheHeader() {
        Admission shared = new Admission(calls(10, 1_000, 1, 100));
        Ticket ticket = claimed(shared, "a");
        ticket.inboundWireSize(60);
        ticket.claim("b");

        claimed(shared, "a").inboundWireSize(100);
        assertThat(refusals).isEmpty();
        assertOverloaded(() -> claimed(shared, "b"), "calls of workspace \"b\"");
    }

    @Test
    void forgetsAWorkspaceWithoutCalls() {
        Admission shared = new Admission(calls(10, 1_000, 1, 100));
        Ticket ticket = claimed(shared, "a");
        ticket.inboundWireSize(60);
        assertOverloaded(() -> claimed(shared, "a"), "calls");
        assertThat(shared.workspaces()).isEqualTo(1);

        ticket.leave();
        assertThat(shared.workspaces()).isEqualTo(1);
        ticket.streamClosed(Status.CANCELLED);
        assertThat(shared.workspaces()).isZero();
        assertThat(shared.bytesHeld()).isZero();
    }

    private static ServerLimits.Calls calls(int atOnceMax, long bytesMax) {
        return calls(atOnceMax, bytesMax, atOnceMax, bytesMax);
    }

    private static ServerLimits.Calls calls(
            int atOnceMax, long bytesMax, int workspaceAtOnceMax, long workspaceBytesMax) {
        return new ServerLimits.Calls(
                64 << 10,
                4 << 20,
                atOnceMax,
                bytesMax,
                workspaceAtOnceMax,
                workspaceBytesMax,
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20));
    }

    private Ticket ticket() {
        return ticket(admission);
    }

    private static Ticket ticket(Admission admission) {
        return (Ticket) admission.newServerStreamTracer("tranche.v1.X/Y", new Metadata());
    }

    private void enter(Ticket ticket) {
        ticket.enter(refusals::add);
    }

    private Ticket claimed(Admission admission, String workspace) {
        Ticket ticket = ticket(admission);
        enter(ticket);
        ticket.claim(workspace);
        return ticket;
    }

    private static void assertOverloaded(ThrowingCallable call, String what) {
        assertThatThrownBy(call)
                .isInstanceOf(CallFailure.class)
                .hasMessageContaining("too many " + what)
                .hasMessageContaining("nothing was started");
    }
}
