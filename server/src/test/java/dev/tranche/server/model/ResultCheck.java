package dev.tranche.server.model;

import com.google.rpc.Code;
import dev.tranche.server.model.Expected.Problem;
import dev.tranche.server.model.Expected.Resource;
import dev.tranche.server.model.Expected.Result;
import dev.tranche.server.model.State.Document;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.FieldViolation;
import dev.tranche.v1.ItemError;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.OperationResult.ResourceCase;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.Record;
import dev.tranche.v1.Relationship;
import dev.tranche.v1.ResultView;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compares the result of one operation with what it must be. */
final class ResultCheck {
    private final ExecuteBatchRequest request;
    private final Differences differences;

    ResultCheck(ExecuteBatchRequest request, Differences differences) {
        this.request = request;
        this.differences = differences;
    }

    /**
     * Compares.
     *
     * @param inReply whether it stands in the reply, with what was read or left
     */
    void check(String what, int index, Result expected, OperationResult given, boolean inReply) {
        String name = what + "[" + index + "]";
        differences.unless(name + ".index", index, given.getIndex());
        if (expected.outcome() != given.getOutcome()) {
            differences.add(name, expected, given);
            return;
        }
        unlessMatch(name + ".record_id", expected.recordId(), given.getRecordId());
        differences.unless(name + ".version", expected.version(), given.getVersion());
        unlessMatch(name + ".etag", expected.etag(), given.getEtag());
        Problem problem = expected.problem();
        if (problem == null) {
            differences.unless(name + " has an error", false, given.hasError());
        } else {
            checkError(name + ".error", problem, given.getError());
        }
        if (inReply) {
            checkResource(name, expected, given);
        }
    }

    private void checkError(String name, Problem problem, ItemError given) {
        if (problem.reason() != given.getReason()) {
            differences.add(name, problem, given);
            return;
        }
        differences.unless(name + ".code", codeOf(problem.reason()), given.getCode());
        String earlier = problem.earlier() == null ? "none" : "" + problem.earlier();
        differences.unless(
                name + ".earlier_index",
                earlier,
                given.hasEarlierIndex() ? "" + given.getEarlierIndex() : "none");
        differences.unless(name + ".constraint", problem.constraint(), given.getConstraint());
        checkExisting(name + ".existing_record_id", problem.existing(), given);
        Set<String> paths = problem.paths();
        if (paths != null) {
            differences.unless(
                    name + ".field_violations",
                    paths,
                    given.getFieldViolationsList().stream()
                            .map(FieldViolation::getPath)
                            .collect(Collectors.toSet()));
        }
    }

    private void checkExisting(String name, @Nullable Set<String> expected, ItemError given) {
        String existing = given.getExistingRecordId();
        boolean right =
                expected == null
                        ? existing.isEmpty()
                        : expected.stream().anyMatch(id -> Values.match(id, existing));
        if (!right) {
            differences.add(name, expected, existing);
        }
    }

    private void checkResource(String name, Result expected, OperationResult given) {
        boolean full = request.getResultView() == ResultView.RESULT_VIEW_FULL;
        boolean shown = full || expected.outcome() == Outcome.OUTCOME_READ;
        switch (shown ? expected.resource() : null) {
            case null ->
                    differences.unless(
                            name + ".resource",
                            ResourceCase.RESOURCE_NOT_SET,
                            given.getResourceCase());
            case Resource.OfRecord record -> checkRecord(name, expected, record, given);
            case Resource.OfLink link -> checkLink(name, expected, link, given.getRelationship());
            case Resource.OfCollection collection -> {
                differences.unless(
                        name + ".collection.name",
                        collection.name(),
                        given.getCollection().getName());
                new DefinitionCheck(differences)
                        .check(
                                name + ".collection",
                                collection.definition(),
                                expected.version(),
                                given.getCollection());
            }
        }
    }

    private void checkRecord(
            String name, Result expected, Resource.OfRecord resource, OperationResult given) {
        Record record = given.getRecord();
        differences.unless(
                name + ".record.collection", resource.collection(), record.getCollection());
        unlessMatch(name + ".record.id", expected.recordId(), record.getId());
        differences.unless(name + ".record.version", expected.version(), record.getVersion());
        differences.unless(name + ".record.etag", given.getEtag(), record.getEtag());
        differences.unless(name + ".record is deleted", resource.deleted(), record.hasDeleteTime());
        checkData(
                name + ".record.data",
                resource.data(),
                RecordChange.payload(
                        record.hasData() ? record.getData() : null,
                        record.hasDataJson() ? record.getDataJson() : null));
    }

    private void checkLink(
            String name, Result expected, Resource.OfLink resource, Relationship link) {
        differences.unless(name + ".relationship.type", resource.type(), link.getType());
        differences.unless(name + ".relationship.version", expected.version(), link.getVersion());
        differences.unless(
                name + ".relationship's ends",
                resource.sourceCollection() + " " + resource.targetCollection(),
                link.getSource().getCollection() + " " + link.getTarget().getCollection());
        unlessMatch(name + ".source.id", resource.source(), link.getSource().getId());
        unlessMatch(name + ".target.id", resource.target(), link.getTarget().getId());
        checkData(
                name + ".relationship.data",
                resource.data(),
                RecordChange.payload(
                        link.hasData() ? link.getData() : null,
                        link.hasDataJson() ? link.getDataJson() : null));
    }

    /** By value; text comes back byte for byte if it was given as text and is asked for as text. */
    private void checkData(String name, @Nullable Document expected, @Nullable Document given) {
        boolean same =
                Values.match(
                        expected == null ? null : expected.value(),
                        given == null ? null : given.value());
        String text = expected == null ? null : expected.text();
        if (same && given != null && request.getDataFormat() == DataFormat.DATA_FORMAT_JSON) {
            same = given.text() != null && (text == null || text.equals(given.text()));
        }
        if (!same) {
            differences.add(name, expected, given);
        }
    }

    private void unlessMatch(String name, String expected, String given) {
        if (!Values.match(expected, given)) {
            differences.add(name, expected, given);
        }
    }

    /** As the comments of the reasons say. */
    static Code codeOf(ErrorReason reason) {
        return switch (reason) {
            case ERROR_REASON_INVALID_REQUEST,
                    ERROR_REASON_LIMIT_EXCEEDED,
                    ERROR_REASON_UNRESOLVED_REFERENCE,
                    ERROR_REASON_SCHEMA_VIOLATION,
                    ERROR_REASON_INVALID_SCHEMA ->
                    Code.INVALID_ARGUMENT;
            case ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION, ERROR_REASON_RECORD_ALREADY_EXISTS ->
                    Code.ALREADY_EXISTS;
            case ERROR_REASON_REFERENCE_VIOLATION,
                    ERROR_REASON_ETAG_REQUIRED,
                    ERROR_REASON_DEPENDENCY_FAILED ->
                    Code.FAILED_PRECONDITION;
            case ERROR_REASON_ETAG_MISMATCH -> Code.ABORTED;
            case ERROR_REASON_RECORD_NOT_FOUND,
                    ERROR_REASON_RELATIONSHIP_NOT_FOUND,
                    ERROR_REASON_COLLECTION_NOT_FOUND ->
                    Code.NOT_FOUND;
            default -> throw new IllegalArgumentException("no operation fails so: " + reason);
        };
    }
}
