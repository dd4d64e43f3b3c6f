package dev.tranche.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import dev.tranche.v1.BatchFailure;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.FieldViolation;
import dev.tranche.v1.IndexedError;
import dev.tranche.v1.ItemError;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrancheExceptionTest {
    private static final ItemError MISSING_TITLE =
            ItemError.newBuilder()
                    .setCode(Code.INVALID_ARGUMENT)
                    .setReason(ErrorReason.ERROR_REASON_SCHEMA_VIOLATION)
                    .setMessage("title is missing")
                    .build();

    private final StatusRuntimeException rolledBack =
            Failures.with(
                    Status.Code.INVALID_ARGUMENT,
                    "title is missing",
                    Failures.reason("SCHEMA_VIOLATION", Map.of("batch_id", "b-1", "limit", "3")),
                    BadRequest.newBuilder()
                            .addFieldViolations(
                                    BadRequest.FieldViolation.newBuilder()
                                            .setField("operations[1].create_record.data/title")
                                            .setDescription("is missing"))
                            .build(),
                    BatchFailure.newBuilder()
                            .addErrors(
                                    IndexedError.newBuilder().setIndex(1).setError(MISSING_TITLE))
                            .setTotalCount(7)
                            .setCommitState(CommitState.COMMIT_STATE_ROLLED_BACK)
                            .setBatchId("b-1")
                            .build());

    @Test
    void decodesEverythingTheServerSaid() {
        TrancheException failure = TrancheException.from(rolledBack);

        assertThat(failure).hasMessage("INVALID_ARGUMENT SCHEMA_VIOLATION: title is missing");
        assertThat(failure.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_SCHEMA_VIOLATION);
        assertThat(failure.metadata()).containsEntry("limit", "3");
        assertThat(failure.batchId()).contains("b-1");
        assertThat(failure.commitState()).isEqualTo(CommitState.COMMIT_STATE_ROLLED_BACK);
        assertThat(failure.itemErrors()).containsExactly(Map.entry(1, MISSING_TITLE));
        assertThat(failure.itemErrorsTotal()).isEqualTo(7);
        assertThat(failure.fieldViolations())
                .containsExactly(
                        FieldViolation.newBuilder()
                                .setPath("operations[1].create_record.data/title")
                                .setDescription("is missing")
                                .build());
        assertThat(failure.isTemporary()).isFalse();
        assertThat(failure).hasCause(rolledBack);
    }

    @Test
    void tellsHowLongToWait() {
        TrancheException failure =
                TrancheException.from(
                        Failures.with(
                                Status.Code.ABORTED,
                                "it still runs",
                                Failures.reason("REQUEST_IN_PROGRESS", Map.of()),
                                Failures.retryAfterMillis(1_250)));

        assertThat(failure.retryDelay()).contains(Duration.ofMillis(1_250));
        assertThat(failure.isTemporary()).isTrue();
    }

    @Test
    void standsWithoutDetails() {
        TrancheException failure =
                TrancheException.from(Status.DEADLINE_EXCEEDED.asRuntimeException());

        assertThat(failure).hasMessage("DEADLINE_EXCEEDED");
        assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNSPECIFIED);
        assertThat(failure.metadata()).isEmpty();
        assertThat(failure.itemErrors()).isEmpty();
        assertThat(failure.retryDelay()).isEmpty();
        assertThat(failure.batchId()).isEmpty();
        assertThat(failure.commitState()).isEqualTo(CommitState.COMMIT_STATE_UNSPECIFIED);
    }

    @Test
    void passesOverDetailsThatACarrierDamaged() {
        Metadata trailers = new Metadata();
        trailers.put(
                Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
                "\u0008\u00ff\u00ff".getBytes(StandardCharsets.ISO_8859_1));

        TrancheException failure =
                TrancheException.from(
                        Status.NOT_FOUND.withDescription("gone").asRuntimeException(trailers));

        assertThat(failure).hasMessage("NOT_FOUND: gone");
    }

    @Test
    void knowsThatAReasonIsNewerThanItself() {
        TrancheException failure =
                TrancheException.from(
                        Failures.with(
                                Status.Code.ABORTED,
                                "of tomorrow",
                                Failures.reason("MOON_PHASE", Map.of())));

        assertThat(failure.reason()).isEqualTo(ErrorReason.UNRECOGNIZED);
        assertThat(failure).hasMessage("ABORTED MOON_PHASE: of tomorrow");
    }

    @Test
    void ignoresReasonsOfOthers() {
        TrancheException failure =
                TrancheException.from(
                        Failures.with(
                                Status.Code.ABORTED,
                                "a proxy's",
                                Failures.reason("BATCH_BUSY", Map.of()).toBuilder()
                                        .setDomain("proxy.example")
                                        .build()));

        assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNSPECIFIED);
        assertThat(failure.metadata()).isEmpty();
    }
}
