package dev.tranche.server.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A request message as it came in, not looked into yet. What is wrong with its bytes shows on the
 * call's own thread, and is said like anything else that is wrong with a request; an exception in
 * gRPC's own callbacks would tell the caller nothing.
 */
sealed interface RawRequest {

    /**
     * It is here.
     *
     * @param bytes decompressed
     */
    record Received(ByteString bytes) implements RawRequest {}

    /** What came cannot be decompressed. */
    record Unreadable(Exception cause) implements RawRequest {}

    /** Decompressed it is larger than a message may be. */
    record TooLarge(StatusRuntimeException refusal) implements RawRequest {}

    /** Takes the bytes over. */
    final class Reader implements Marshaller<RawRequest> {
        @Override
        public RawRequest parse(InputStream stream) {
            try (stream) {
                byte[] bytes =
                        stream instanceof KnownLength
                                ? stream.readNBytes(stream.available())
                                : stream.readAllBytes();
                return new Received(UnsafeByteOperations.unsafeWrap(bytes));
            } catch (StatusRuntimeException refusal) {
                return new TooLarge(refusal);
            } catch (IOException | UncheckedIOException e) {
                return new Unreadable(e);
            }
        }

        @Override
        public InputStream stream(RawRequest value) {
            throw new UnsupportedOperationException("a server sends no requests");
        }
    }
}
