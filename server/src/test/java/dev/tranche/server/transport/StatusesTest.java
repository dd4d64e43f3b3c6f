package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Failure.IndexedError;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Violation;
import dev.tranche.v1.BatchFailure;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.ErrorReason;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StatusesTest {
    private static final String BATCH = "019aaaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee";
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    @ParameterizedTest
    @EnumSource(Reason.class)
    void spellsEveryReasonAsTheContractDoes(Reason reason) {
        assertThat(Statuses.reasonOf(reason).name()).isEqualTo("ERROR_REASON_" + reason);
        assertThat(Statuses.codeOf(reason)).isNotEqualTo(com.google.rpc.Code.OK);
    }

    @Test
    void knowsEveryReasonOfTheContract() {
        List<String> contract =
                ErrorReason.getDescriptor().getValues().stream()
                        .filter(value -> value.getNumber() != 0)
                        .map(value -> value.getName().substring("ERROR_REASON_".length()))
                        .toList();

        assertThat(contract)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Reason.values()).map(Reason::name).toList());
    }

    @Test
    void saysWhatWasGivenAndWhatIsAllowed() {
        StatusRuntimeException status =
                status(new Failure.LimitExceeded("--operations-max", "operations", 101, 100));

        assertThat(status.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(status.getStatus().getDescription())
                .isEqualTo("operations: 101 given, at most 100 allowed (--operations-max)");
        assertThat(Failures.detail(status, ErrorInfo.class).getMetadataMap())
                .isEqualTo(
                        Map.of(
                                "path", "operations",
                                "actual", "101",
                                "limit", "100",
                                "setting", "--operations-max",
                                "batch_id", BATCH));
    }

    @Test
    void saysWhenToTryAgain() {
        StatusRuntimeException status =
                status(new Failure.TryAgain(Reason.BATCH_BUSY, "busy", Duration.ofMillis(1_500)));

        assertThat(status.getStatus().getCode()).isEqualTo(Code.ABORTED);
        RetryInfo retry = Failures.detail(status, RetryInfo.class);
        assertThat(retry.getRetryDelay().getSeconds()).isEqualTo(1);
        assertThat(retry.getRetryDelay().getNanos()).isEqualTo(500_000_000);
    }

    @Test
    void letsProxiesRepeatAnUnknownOutcomeOnlyIfThatIsSafe() {
        StatusRuntimeException safe = status(new Failure.OutcomeUnknown(true));
        StatusRuntimeException unsafe = status(new Failure.OutcomeUnknown(false));

        assertThat(safe.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
        assertThat(unsafe.getStatus().getCode()).isEqualTo(Code.UNKNOWN);
        assertThat(Failures.detail(unsafe, BatchFailure.class).getCommitState())
                .isEqualTo(CommitState.COMMIT_STATE_UNKNOWN);
        assertThat(Failures.detail(unsafe, BatchFailure.class).getBatchId()).isEqualTo(BATCH);
    }

    @Test
    void tellsACancelledCallFromOneThatRanOutOfTime() {
        assertThat(status(new Failure.Cancelled()).getStatus().getCode()).isEqualTo(Code.CANCELLED);
        assertThat(status(new Failure.TimedOut(Duration.ofSeconds(3))).getStatus().getCode())
                .isEqualTo(Code.DEADLINE_EXCEEDED);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 20, 100, 10_000})
    void keepsTheDetailsOfFailedItemsWithinWhatProxiesTake(int count) {
        List<IndexedError> errors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            errors.add(new IndexedError(i, error(i, 3, "description of what is wrong here ")));
        }

        StatusRuntimeException status = status(new Failure.RolledBack(errors, true));

        BatchFailure failure = Failures.detail(status, BatchFailure.class);
        assertWithinLimits(status);
        assertThat(failure.getTotalCount()).isEqualTo(count);
        assertThat(failure.getErrorsCount()).isBetween(1, count);
        assertThat(failure.getErrors(0).getIndex()).isZero();
        assertThat(Failures.detail(status, BadRequest.class).getFieldViolationsCount())
                .isPositive();
        if (count <= 3) {
            assertThat(failure.getErrorsCount()).isEqualTo(count);
        }
    }

    @Test
    void namesAFailedItemThoughItsViolationsAreTooMany() {
        List<IndexedError> errors = List.of(new IndexedError(7, error(7, 20, "ü".repeat(900))));

        StatusRuntimeException status = status(new Failure.RolledBack(errors, true));

        assertWithinLimits(status);
        BatchFailure failure = Failures.detail(status, BatchFailure.class);
        assertThat(failure.getErrors(0).getIndex()).isEqualTo(7);
    }

    @Test
    void keepsViolationsWithinWhatProxiesTake() {
        List<Violation> violations = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            violations.add(
                    new Violation("operations[" + i + "].create_record.data", "x".repeat(900)));
        }

        StatusRuntimeException status = status(new Failure.InvalidRequest(violations));

        assertWithinLimits(status);
        assertThat(Failures.detail(status, BadRequest.class).getFieldViolationsCount())
                .isEqualTo(2);
    }

    @Test
    void cutsAMessageBetweenCharacters() {
        StatusRuntimeException status =
                status(new Failure.Refused(Reason.RECORD_NOT_FOUND, "🚀".repeat(500)));

        assertWithinLimits(status);
        assertThat(status.getStatus().getDescription()).matches("🚀{127}…");
    }

    private static void assertWithinLimits(StatusRuntimeException status) {
        byte[] details =
                Objects.requireNonNull(Objects.requireNonNull(status.getTrailers()).get(DETAILS));
        assertThat(Base64.getEncoder().encode(details).length).isLessThan(4_096);
        String message = Objects.requireNonNull(status.getStatus().getDescription());
        assertThat(message.getBytes(StandardCharsets.UTF_8).length).isLessThan(512);
    }

    private static StatusRuntimeException status(Failure failure) {
        return Statuses.of(new CallFailure(failure).of(BATCH)).exception();
    }

    private static ItemError error(int index, int count, String description) {
        List<Violation> violations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            violations.add(
                    new Violation(
                            "operations[" + index + "].create_record.data/field" + i,
                            description + i));
        }
        return ItemError.of(Reason.SCHEMA_VIOLATION, violations);
    }
}
