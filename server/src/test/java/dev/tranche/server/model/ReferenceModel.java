package dev.tranche.server.model;

import dev.tranche.server.model.Course.Past;
import dev.tranche.server.model.Expected.Result;
import dev.tranche.server.model.State.Missing;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What ExecuteBatch must do, as plainly as possible: the operations one after another, on maps, with
 * a copy of everything before each. Written from the comments of the contract alone.
 */
final class ReferenceModel {
    private State state = new State();
    private int incarnations;

    /** What the workspace holds now. */
    State state() {
        return state;
    }

    /** Runs a batch, and says what the call must come to. */
    Expected execute(ExecuteBatchRequest request, Drawn drawn) {
        if (Malformed.is(request)) {
            return new Expected(true, true, List.of());
        }
        State before = state.copy();
        state.writers.clear();
        state.missing.clear();
        Course course = run(request, drawn);
        boolean anyFailed = course.results().stream().anyMatch(one -> one.problem() != null);
        boolean rollBack = anyFailed && isRollback(request);
        if (rollBack) {
            course.rollBack(0);
        }
        if (rollBack || request.getValidateOnly()) {
            state = before;
        }
        List<Result> results = new ArrayList<>(course.results());
        while (results.size() < request.getOperationsCount()) {
            results.add(Result.without(Outcome.OUTCOME_NOT_ATTEMPTED));
        }
        return new Expected(false, rollBack, results);
    }

    private static boolean isRollback(ExecuteBatchRequest request) {
        return request.getOnError() == OnError.ON_ERROR_UNSPECIFIED
                || request.getOnError() == OnError.ON_ERROR_ROLLBACK;
    }

    private Course run(ExecuteBatchRequest request, Drawn drawn) {
        List<Operation> operations = request.getOperationsList();
        Course course = new Course(operations);
        State groupStart = state;
        int groupFrom = 0;
        for (int i = 0; i < operations.size(); i++) {
            String group = operations.get(i).getAtomicGroup();
            if (i == 0 || !group.equals(operations.get(i - 1).getAtomicGroup())) {
                groupStart = state.copy();
                groupFrom = i;
            }
            attempt(operations, course, drawn);
            boolean failed = course.get(i).result().problem() != null;
            if (failed && request.getOnError() == OnError.ON_ERROR_STOP) {
                break;
            }
            boolean groupEnds =
                    i + 1 == operations.size()
                            || !group.equals(operations.get(i + 1).getAtomicGroup());
            if (!group.isEmpty() && groupEnds && anyFailed(course, groupFrom)) {
                state = groupStart;
                course.rollBack(groupFrom);
                for (int j = groupFrom; j <= i; j++) {
                    noteMissing(operations.get(j), course, j);
                }
            }
        }
        return course;
    }

    private static boolean anyFailed(Course course, int from) {
        return course.results().stream().skip(from).anyMatch(one -> one.problem() != null);
    }

    private void attempt(List<Operation> operations, Course course, Drawn drawn) {
        int index = course.position();
        Operation operation = operations.get(index);
        State before = state.copy();
        Attempt attempt = new Attempt(state, course, index, operation, drawn, incarnations + 1);
        try {
            course.add(attempt.run());
            incarnations++;
            Missing made = made(operation, course, course.get(index).about());
            if (made != null) {
                state.missing.remove(made);
            }
        } catch (Refused e) {
            state = before;
            course.add(new Past(Result.failed(e.problem()), attempt.about(), null));
            noteMissing(operation, course, index);
        }
    }

    /** What an operation that did not stand would have made is missing because of it. */
    private void noteMissing(Operation operation, Course course, int index) {
        Missing made = made(operation, course, course.get(index).about());
        if (made != null) {
            state.missing.putIfAbsent(made, index);
        }
    }

    private static @Nullable Missing made(
            Operation operation, Course course, @Nullable String about) {
        return switch (operation.getOperationCase()) {
            case CREATE_RECORD -> record(operation.getCreateRecord().getCollection(), about);
            case UPSERT_RECORD -> record(operation.getUpsertRecord().getCollection(), about);
            case UPSERT_COLLECTION ->
                    new Missing.OfCollection(operation.getUpsertCollection().getCollection());
            case UPSERT_RELATIONSHIP -> {
                var upsert = operation.getUpsertRelationship();
                Missing.OfRecord source =
                        record(
                                upsert.getSource().getCollection(),
                                course.quietly(upsert.getSource().getId()));
                Missing.OfRecord target =
                        record(
                                upsert.getTarget().getCollection(),
                                course.quietly(upsert.getTarget().getId()));
                yield source == null || target == null
                        ? null
                        : new Missing.OfLink(upsert.getType(), source, target);
            }
            case UPDATE_RECORD,
                    DELETE_RECORD,
                    GET_RECORD,
                    DELETE_RELATIONSHIP,
                    DELETE_COLLECTION,
                    OPERATION_NOT_SET ->
                    null;
        };
    }

    private static Missing.@Nullable OfRecord record(String collection, @Nullable String id) {
        return id == null ? null : new Missing.OfRecord(collection, id);
    }
}
