package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.tranche.v1.BatchFailure;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.FieldViolation;
import dev.tranche.v1.IndexedError;
import dev.tranche.v1.ItemError;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How a call failed, as a caller sees it. */
record Refusal(com.google.rpc.Status status) {

    /** The failure of a call that must fail. */
    static Refusal of(ThrowingCallable call) {
        Throwable thrown = ThrowableAssert.catchThrowable(call);
        assertThat(thrown)
                .as("a call that fails")
                .isInstanceOfAny(StatusException.class, StatusRuntimeException.class);
        return new Refusal(StatusProto.fromThrowable(thrown));
    }

    static Refusal of(StatusException thrown) {
        return new Refusal(StatusProto.fromThrowable(thrown));
    }

    Code code() {
        return Code.forNumber(status.getCode());
    }

    String message() {
        return status.getMessage();
    }

    String reason() {
        return info().getReason();
    }

    Map<String, String> metadata() {
        return info().getMetadataMap();
    }

    BatchFailure failure() {
        return detail(BatchFailure.class).orElseThrow();
    }

    ItemError error(int index) {
        return failure().getErrorsList().stream()
                .filter(one -> one.getIndex() == index)
                .map(IndexedError::getError)
                .findFirst()
                .orElseThrow();
    }

    /** Every path that the details name. */
    List<String> paths() {
        Stream<String> request =
                detail(BadRequest.class).stream()
                        .flatMap(found -> found.getFieldViolationsList().stream())
                        .map(BadRequest.FieldViolation::getField);
        Stream<String> items =
                detail(BatchFailure.class).stream()
                        .flatMap(found -> found.getErrorsList().stream())
                        .flatMap(found -> found.getError().getFieldViolationsList().stream())
                        .map(FieldViolation::getPath);
        return Stream.concat(request, items).distinct().toList();
    }

    /** Bytes of the status in its trailer. */
    int encodedSize() {
        return Base64.getEncoder().withoutPadding().encodeToString(status.toByteArray()).length();
    }

    Refusal has(Code code, ErrorReason reason) {
        assertThat(code()).as(message()).isEqualTo(code);
        assertThat("ERROR_REASON_" + reason()).as(message()).isEqualTo(reason.name());
        assertThat(info().getDomain()).isEqualTo("tranche.dev");
        return this;
    }

    /** It says when to try again. */
    Refusal namesADelay() {
        assertThat(detail(RetryInfo.class)).as(message()).isPresent();
        return this;
    }

    /** Whether it leaves open when to try again, for trying again does not help. */
    boolean namesNoDelay() {
        return detail(RetryInfo.class).isEmpty();
    }

    /** Its metadata say so. */
    Refusal with(String name, String value) {
        assertThat(metadata()).as(message()).containsEntry(name, value);
        return this;
    }

    /** The time was spent, waiting for others or in conflict with them. */
    Refusal isLate() {
        boolean timedOut = code() == Code.DEADLINE_EXCEEDED;
        return timedOut
                ? has(code(), ErrorReason.ERROR_REASON_BATCH_TIMEOUT)
                : has(Code.ABORTED, ErrorReason.ERROR_REASON_TRANSACTION_CONFLICT).namesADelay();
    }

    /** It is about the call as a whole. */
    Refusal hasNoItems() {
        assertThat(detail(BatchFailure.class)).as(message()).isEmpty();
        return this;
    }

    Refusal at(String... paths) {
        assertThat(paths()).as(message()).contains(paths);
        return this;
    }

    /** Exactly these items failed, and the first of them says why the call did. */
    Refusal because(int... indexes) {
        assertThat(failure().getErrorsList())
                .as(message())
                .extracting(IndexedError::getIndex)
                .containsExactly(Arrays.stream(indexes).boxed().toArray(Integer[]::new));
        assertThat("ERROR_REASON_" + reason()).isEqualTo(error(indexes[0]).getReason().name());
        assertThat(message()).contains("[" + indexes[0] + "]");
        return this;
    }

    private ErrorInfo info() {
        return detail(ErrorInfo.class)
                .orElseThrow(() -> new AssertionError("no ErrorInfo in " + status));
    }

    private <T extends Message> Optional<T> detail(Class<T> type) {
        return status.getDetailsList().stream()
                .filter(any -> any.is(type))
                .map(any -> unpacked(any, type))
                .findFirst();
    }

    private static <T extends Message> T unpacked(Any any, Class<T> type) {
        try {
            return any.unpack(type);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
