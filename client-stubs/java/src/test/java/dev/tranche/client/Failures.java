package dev.tranche.client;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Map;

/** Failures as a server sends them. */
final class Failures {

    private Failures() {}

    static StatusRuntimeException with(
            io.grpc.Status.Code code, String message, Message... details) {
        return StatusProto.toStatusRuntimeException(
                Status.newBuilder()
                        .setCode(code.value())
                        .setMessage(message)
                        .addAllDetails(List.of(details).stream().map(Any::pack).toList())
                        .build());
    }

    static ErrorInfo reason(String reason, Map<String, String> metadata) {
        return ErrorInfo.newBuilder()
                .setReason(reason)
                .setDomain("tranche.dev")
                .putAllMetadata(metadata)
                .build();
    }

    static RetryInfo retryAfterMillis(int millis) {
        return RetryInfo.newBuilder()
                .setRetryDelay(
                        Duration.newBuilder()
                                .setSeconds(millis / 1000)
                                .setNanos(millis % 1000 * 1_000_000))
                .build();
    }
}
