package dev.tranche.server.transport;

import com.google.protobuf.Any;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Failure.IndexedError;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.schema.Violation;
import dev.tranche.v1.BatchFailure;
import dev.tranche.v1.CommitState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The details of a status, as many as fit: proxies lose trailers over 8 KiB. What programs decide by
 * always fits; lists are cut at their end, and say how long they were.
 */
final class StatusDetails {
    /** Encoded in base64, as trailers are, this stays under 4 KiB. */
    private static final int STATUS_BYTES_MAX = 3_069;

    /** Of what is left, as much as this is for violations if there are failed items too. */
    private static final int VIOLATION_BYTES_MAX = 768;

    private static final int VARIABLE_BYTES_MAX = 160;
    private static final String DOMAIN = "tranche.dev";

    private final Status.Builder status;

    private StatusDetails(Status.Builder status) {
        this.status = status;
    }

    /** A status with the details of a failure. */
    static Status addTo(Status.Builder status, CallFailure failure) {
        StatusDetails details = new StatusDetails(status);
        details.add(info(failure));
        switch (failure.failure()) {
            case Failure.InvalidRequest f -> details.addViolations(f.violations(), details.left());
            case Failure.LimitExceeded f ->
                    details.addViolations(
                            List.of(new Violation(f.path(), f.message())), details.left());
            case Failure.RolledBack f -> details.addItems(f, failure.batchId());
            case Failure.TryAgain f -> details.add(retry(f.delay()));
            case Failure.OutcomeUnknown f ->
                    details.add(
                            batchFailure(failure.batchId())
                                    .setCommitState(CommitState.COMMIT_STATE_UNKNOWN)
                                    .build());
            case Failure.Refused f -> {}
            case Failure.ReplyTooLarge f -> {}
            case Failure.TimedOut f -> {}
            case Failure.Stalled f -> {}
            case Failure.Cancelled f -> {}
        }
        return details.status.build();
    }

    private static ErrorInfo info(CallFailure failure) {
        ErrorInfo.Builder info =
                ErrorInfo.newBuilder()
                        .setReason(failure.failure().reason().name())
                        .setDomain(DOMAIN);
        variables(failure.failure())
                .forEach((name, value) ->
                        info.putMetadata(name, Utf8.cut(value, VARIABLE_BYTES_MAX)));
        if (failure.batchId() != null) {
            info.putMetadata("batch_id", failure.batchId());
        }
        return info.build();
    }

    /** Every variable of the message, by name. */
    private static Map<String, String> variables(Failure failure) {
        return switch (failure) {
            case Failure.InvalidRequest f -> variables(f.violations().getFirst());
            case Failure.LimitExceeded f ->
                    Map.of(
                            "path", f.path(),
                            "actual", Long.toString(f.given()),
                            "limit", Long.toString(f.allowed()),
                            "setting", f.limit());
            case Failure.RolledBack f -> variables(f.errors().getFirst());
            case Failure.Refused f -> f.variables();
            case Failure.ReplyTooLarge f ->
                    Map.of(
                            "actual", Long.toString(f.given()),
                            "limit", Long.toString(f.allowed()),
                            "setting", "--reply-bytes-max");
            case Failure.TryAgain f -> Map.of();
            case Failure.TimedOut f -> Map.of("limit_ms", Long.toString(f.limit().toMillis()));
            case Failure.Stalled f -> Map.of("limit_ms", Long.toString(f.limit().toMillis()));
            case Failure.Cancelled f -> Map.of();
            case Failure.OutcomeUnknown f -> Map.of();
        };
    }

    private static Map<String, String> variables(Violation violation) {
        return Map.of("path", violation.path(), "description", violation.description());
    }

    private static Map<String, String> variables(IndexedError first) {
        ItemError error = first.error();
        Map<String, String> variables = new TreeMap<>();
        variables.put("index", Integer.toString(first.index()));
        variables.putAll(error.variables());
        put(variables, "constraint", error.constraint());
        put(variables, "existing_record_id", error.existingRecordId());
        put(variables, "earlier_index", error.earlierIndex());
        if (!error.violations().isEmpty()) {
            variables.putAll(variables(error.violations().getFirst()));
        }
        return variables;
    }

    private static void put(Map<String, String> variables, String name, @Nullable Object value) {
        if (value != null) {
            variables.put(name, value.toString());
        }
    }

    private static RetryInfo retry(Duration delay) {
        return RetryInfo.newBuilder().setRetryDelay(Resources.duration(delay)).build();
    }

    private static BatchFailure.Builder batchFailure(@Nullable String batchId) {
        return BatchFailure.newBuilder().setBatchId(batchId == null ? "" : batchId);
    }

    private void addItems(Failure.RolledBack rolledBack, @Nullable String batchId) {
        List<IndexedError> errors = rolledBack.errors();
        addViolations(
                errors.stream().flatMap(one -> one.error().violations().stream()).toList(),
                Math.min(left(), VIOLATION_BYTES_MAX));
        BatchFailure.Builder failure =
                batchFailure(batchId)
                        .setTotalCount(errors.size())
                        .setCommitState(
                                rolledBack.begun()
                                        ? CommitState.COMMIT_STATE_ROLLED_BACK
                                        : CommitState.COMMIT_STATE_NOT_STARTED);
        for (IndexedError error : errors) {
            dev.tranche.v1.IndexedError whole = Outcomes.indexed(error);
            if (fits(failure.clone().addErrors(whole).build(), left())) {
                failure.addErrors(whole);
                continue;
            }
            dev.tranche.v1.IndexedError bare = withoutViolations(whole);
            if (failure.getErrorsCount() == 0
                    && fits(failure.clone().addErrors(bare).build(), left())) {
                failure.addErrors(bare);
            }
            break;
        }
        add(failure.build());
    }

    private static dev.tranche.v1.IndexedError withoutViolations(
            dev.tranche.v1.IndexedError error) {
        return error.toBuilder()
                .setError(error.getError().toBuilder().clearFieldViolations())
                .build();
    }

    private void addViolations(List<Violation> violations, int bytesMax) {
        BadRequest.Builder request = BadRequest.newBuilder();
        for (Violation violation : violations) {
            request.addFieldViolations(
                    BadRequest.FieldViolation.newBuilder()
                            .setField(violation.path())
                            .setDescription(violation.description()));
            if (!fits(request.build(), bytesMax)) {
                request.removeFieldViolations(request.getFieldViolationsCount() - 1);
                break;
            }
        }
        if (request.getFieldViolationsCount() > 0) {
            add(request.build());
        }
    }

    private void add(Message detail) {
        status.addDetails(Any.pack(detail));
    }

    private int left() {
        return STATUS_BYTES_MAX - status.build().getSerializedSize();
    }

    private static boolean fits(Message detail, int bytesMax) {
        Any packed = Any.pack(detail);
        return CodedOutputStream.computeMessageSize(Status.DETAILS_FIELD_NUMBER, packed)
                <= bytesMax;
    }
}
