package dev.tranche.server.model;

import dev.tranche.server.model.Expected.Problem;
import dev.tranche.server.model.Expected.Result;
import dev.tranche.v1.Atomicity;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.OnConflict;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.UpsertRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a BatchInsert must do: its records are operations, one after another, each for itself, as the
 * comments of the contract say them to be; skipping, ends and atomicity come on top.
 */
final class InsertModel {
    private final ReferenceModel model;
    private final BatchInsertRequest request;
    private final InsertAnswer answer;

    InsertModel(ReferenceModel model, BatchInsertRequest request, InsertAnswer answer) {
        this.model = model;
        this.request = request;
        this.answer = answer;
    }

    /** One result per record; the state of the model is as it must be afterwards. */
    List<Result> run() {
        List<Result> all = attempt(request.getRecordsCount(), true);
        boolean rollBack =
                request.getAtomicity() == Atomicity.ATOMICITY_ALL
                        && all.stream().anyMatch(InsertModel::failed);
        if (rollBack) {
            return all.stream()
                    .map(one -> failed(one) ? one : Result.without(Outcome.OUTCOME_ROLLED_BACK))
                    .toList();
        }
        int end = end(all);
        List<Result> results =
                new ArrayList<>(
                        request.getValidateOnly() ? all.subList(0, end) : attempt(end, false));
        while (results.size() < request.getRecordsCount()) {
            results.add(Result.without(Outcome.OUTCOME_NOT_ATTEMPTED));
        }
        return results;
    }

    private int end(List<Result> results) {
        int max = request.getOrdered() ? 1 : request.getMaxFailures();
        int failures = 0;
        for (int i = 0; i < results.size() && max > 0; i++) {
            failures += failed(results.get(i)) ? 1 : 0;
            if (failures == max) {
                return i + 1;
            }
        }
        return results.size();
    }

    private static boolean failed(Result result) {
        return result.outcome() == Outcome.OUTCOME_FAILED;
    }

    /** Tries the first records. */
    private List<Result> attempt(int count, boolean dry) {
        List<Integer> indexes = new ArrayList<>();
        ExecuteBatchRequest.Builder operations =
                ExecuteBatchRequest.newBuilder()
                        .setOnError(OnError.ON_ERROR_CONTINUE)
                        .setValidateOnly(dry);
        for (int i = 0; i < count; i++) {
            if (refusal(i) == null) {
                indexes.add(i);
                operations.addOperations(operation(request.getRecords(i)));
            }
        }
        List<Result> tried =
                indexes.isEmpty()
                        ? List.of()
                        : model.execute(operations.build(), answer.drawn(indexes)).results();
        List<Result> results = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < count; i++) {
            Problem refusal = refusal(i);
            results.add(
                    refusal == null
                            ? asRecord(tried.get(next++), indexes)
                            : Result.failed(refusal));
        }
        return results;
    }

    /** What is wrong with a record by itself. */
    private @Nullable Problem refusal(int index) {
        InsertRecord record = request.getRecords(index);
        if (record.getDataJson().equals("{")) {
            return Problem.at(
                    ErrorReason.ERROR_REASON_INVALID_REQUEST, "records[" + index + "].data_json");
        }
        boolean byConstraint = !request.getConflictConstraint().isEmpty();
        boolean wrongId = byConstraint != record.getId().isEmpty();
        return request.getOnConflict() == OnConflict.ON_CONFLICT_UPDATE && wrongId
                ? Problem.at(ErrorReason.ERROR_REASON_INVALID_REQUEST, "records[" + index + "].id")
                : null;
    }

    private Operation operation(InsertRecord record) {
        return request.getOnConflict() == OnConflict.ON_CONFLICT_UPDATE
                ? Operation.newBuilder()
                        .setUpsertRecord(
                                UpsertRecord.newBuilder()
                                        .setCollection(request.getCollection())
                                        .setId(record.getId())
                                        .setByConstraint(request.getConflictConstraint())
                                        .setDataJson(record.getDataJson()))
                        .build()
                : Operation.newBuilder()
                        .setCreateRecord(
                                CreateRecord.newBuilder()
                                        .setCollection(request.getCollection())
                                        .setId(record.getId())
                                        .setDataJson(record.getDataJson()))
                        .build();
    }

    private Result asRecord(Result result, List<Integer> indexes) {
        Problem problem = result.problem();
        if (problem == null) {
            return result;
        }
        boolean conflict =
                problem.reason() == ErrorReason.ERROR_REASON_RECORD_ALREADY_EXISTS
                        || problem.reason() == ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
        if (conflict && request.getOnConflict() == OnConflict.ON_CONFLICT_SKIP) {
            String existing = Objects.requireNonNull(problem.existing()).iterator().next();
            return new Result(Outcome.OUTCOME_SKIPPED, existing, 0, "", null, null);
        }
        Integer earlier = problem.earlier() == null ? null : indexes.get(problem.earlier());
        Set<String> paths = problem.paths();
        Problem renamed = problem.causedBy(earlier);
        return Result.failed(
                paths == null
                        ? renamed
                        : renamed.with(
                                paths.stream()
                                        .map(path -> renamed(path, indexes))
                                        .collect(Collectors.toSet())));
    }

    /** {@code operations[0].create_record.data/n} becomes {@code records[3].data/n}. */
    private static String renamed(String path, List<Integer> indexes) {
        int open = path.indexOf('[');
        int close = path.indexOf(']');
        int index = indexes.get(Integer.parseInt(path.substring(open + 1, close)));
        return "records[" + index + "]" + path.substring(path.indexOf('.', close + 2));
    }
}
