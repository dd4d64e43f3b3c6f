package dev.tranche.server.transport;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.io.InputStream;

/** What a call hands to gRPC: a message, or the order to cut the call off. */
sealed interface Outgoing {

    /** A message to send. */
    record Reply(Message message) implements Outgoing {}

    /**
     * Resets the HTTP/2 stream. A status would wait behind what the caller does not take, and hold
     * all of it in memory; gRPC resets when a message cannot be written.
     */
    record CutOff(StatusRuntimeException why) implements Outgoing {}

    /** Writes messages. */
    final class Writer implements Marshaller<Outgoing> {
        private final Marshaller<Message> messages;

        Writer(Message prototype) {
            this.messages = ProtoUtils.marshaller(prototype);
        }

        @Override
        public InputStream stream(Outgoing value) {
            return switch (value) {
                case Reply reply -> messages.stream(reply.message());
                case CutOff cutOff -> throw cutOff.why();
            };
        }

        @Override
        public Outgoing parse(InputStream stream) {
            return new Reply(messages.parse(stream));
        }
    }
}
