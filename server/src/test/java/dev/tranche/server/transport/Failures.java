package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Looks into what failed calls say. */
final class Failures {
    private Failures() {}

    /** What a call throws. */
    static StatusRuntimeException of(ThrowingCallable call) {
        return Objects.requireNonNull(
                catchThrowableOfType(StatusRuntimeException.class, call), "the call succeeded");
    }

    /** The reason a failed call gives. */
    static String reason(StatusRuntimeException failure) {
        return detail(failure, ErrorInfo.class).getReason();
    }

    /** A detail that has to be there. */
    static <T extends Message> T detail(StatusRuntimeException failure, Class<T> type) {
        return find(failure, type)
                .orElseThrow(() -> new AssertionError("no " + type + " with " + failure));
    }

    /** A detail that may be there. */
    static <T extends Message> Optional<T> find(StatusRuntimeException failure, Class<T> type) {
        com.google.rpc.Status status =
                Objects.requireNonNull(StatusProto.fromThrowable(failure), "a status");
        try {
            for (Any detail : status.getDetailsList()) {
                if (detail.is(type)) {
                    return Optional.of(detail.unpack(type));
                }
            }
            return Optional.empty();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
