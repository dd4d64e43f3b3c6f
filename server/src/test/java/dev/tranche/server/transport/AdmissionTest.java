package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.transport.Admission.Ticket;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
    private final Admission admission = new Admission(2, 100);
    private final AtomicInteger refusals = new AtomicInteger();

    @Test
    void takesAsManyCallsAsItMayAndNotOneMore() {
        Ticket first = ticket();

        assertThat(enter(first)).isTrue();
        assertThat(enter(ticket())).isTrue();
        assertThat(enter(ticket())).isFalse();

        first.leave();
        assertThat(enter(ticket())).isTrue();
    }

    @Test
    void refusesTheCallWhoseByteIsOneTooMany() {
        Ticket first = ticket();
        Ticket second = ticket();
        enter(first);
        enter(second);

        first.inboundWireSize(60);
        second.inboundWireSize(40);
        assertThat(refusals).hasValue(0);

        second.inboundWireSize(1);
        assertThat(refusals).hasValue(1);
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

        assertThat(refusals).hasValue(1);
    }

    @Test
    void tellsACallThatWasRefusedBeforeItBegan() {
        Ticket ticket = ticket();
        ticket.inboundWireSize(101);
        enter(ticket);

        assertThat(refusals).hasValue(1);
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

    private Ticket ticket() {
        return (Ticket) admission.newServerStreamTracer("tranche.v1.X/Y", new Metadata());
    }

    private boolean enter(Ticket ticket) {
        return ticket.enter(refusals::incrementAndGet);
    }
}
