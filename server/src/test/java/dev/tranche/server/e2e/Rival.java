package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.Outcome;
import io.grpc.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * One of several callers who change the same few records, links and collections at random, and
 * remember what they were told.
 */
final class Rival {
    static final List<String> COLLECTIONS = List.of("items", "notes");

    /** Holds a record from the begin and one from the end of each batch. */
    static final String MARKS = "marks";

    /** How many {@link #definition} knows. */
    static final int DEFINITIONS = 5;

    private static final int IDS = 12;
    private static final int VALUES = 20;
    private static final int OPERATIONS_MAX = 6;
    private static final Set<Outcome> CHANGED =
            Set.of(Outcome.OUTCOME_INSERTED, Outcome.OUTCOME_UPDATED, Outcome.OUTCOME_DELETED);

    /** What an operation may fail for because of what the others do. */
    private static final Set<ErrorReason> RIVALRY =
            Set.of(
                    ErrorReason.ERROR_REASON_RECORD_ALREADY_EXISTS,
                    ErrorReason.ERROR_REASON_RECORD_NOT_FOUND,
                    ErrorReason.ERROR_REASON_RELATIONSHIP_NOT_FOUND,
                    ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION,
                    ErrorReason.ERROR_REASON_SCHEMA_VIOLATION,
                    ErrorReason.ERROR_REASON_REFERENCE_VIOLATION,
                    ErrorReason.ERROR_REASON_DEPENDENCY_FAILED);

    private final Caller caller;
    private final String name;
    private final Random random;
    private final List<Change> changes = new ArrayList<>();
    private int standing;

    /**
     * A change of a record that its caller was told of.
     *
     * @param record collection and id
     * @param stamp what the data says since then; empty if it was deleted
     */
    record Change(String record, long version, String stamp) {}

    Rival(Caller caller, String name, Random random) {
        this.caller = caller;
        this.name = name;
        this.random = random;
    }

    /** Every change it was told of. */
    List<Change> changes() {
        return changes;
    }

    /** How many of its batches stand. */
    int standing() {
        return standing;
    }

    /** Definitions of a collection that follow each other at random. */
    static Operation definition(String collection, int which) {
        return switch (which) {
            case 0 -> Ops.collection(collection);
            case 1 -> Ops.collection(collection, Ops.unique("by_n", "n"));
            case 2 ->
                    Ops.schema(
                            collection,
                            "{\"properties\":{\"n\":{\"type\":\"integer\"}}}",
                            Ops.unique("by_n", "n"),
                            Ops.unique("by_stamp", "by"));
            case 3 ->
                    Ops.schema(
                            collection,
                            "{\"properties\":{\"n\":{\"maximum\":%d}}}".formatted(VALUES - 2),
                            Ops.unique("by_n", "n"));
            default ->
                    Ops.pointing(
                            collection,
                            Ops.reference(
                                    "to", COLLECTIONS.getFirst(), OnDelete.ON_DELETE_RESTRICT));
        };
    }

    void send(int batches) throws Exception {
        for (int batch = 0; batch < batches; batch++) {
            send(name + "-" + batch);
        }
    }

    private void send(String mark) throws Exception {
        List<Operation> operations = new ArrayList<>();
        operations.add(mark(mark + "-first"));
        int count = random.nextInt(1, OPERATIONS_MAX);
        for (int i = 0; i < count; i++) {
            operations.add(any(mark + "-" + i));
        }
        operations.add(mark(mark + "-last"));
        boolean goesOn = random.nextBoolean();
        ExecuteBatchRequest request =
                caller.request(operations.toArray(Operation[]::new))
                        .setOnError(goesOn ? OnError.ON_ERROR_CONTINUE : OnError.ON_ERROR_ROLLBACK)
                        .build();
        try {
            remember(request, caller.batches().executeBatch(request));
        } catch (StatusException e) {
            accept(Refusal.of(e), goesOn);
        }
    }

    /** Either an operation failed, which a batch that goes on survives, or it came too often between. */
    private static void accept(Refusal refusal, boolean goesOn) {
        if (refusal.code() == Code.ABORTED) {
            refusal.has(Code.ABORTED, ErrorReason.ERROR_REASON_TRANSACTION_CONFLICT).namesADelay();
        } else {
            assertThat(goesOn).as(refusal.message()).isFalse();
            assertThat(refusal.failure().getErrorsList())
                    .as(refusal.message())
                    .isNotEmpty()
                    .allSatisfy(one -> assertThat(RIVALRY).contains(one.getError().getReason()));
        }
    }

    private void remember(ExecuteBatchRequest request, ExecuteBatchResponse reply) {
        assertThat(reply.getResultsCount()).isEqualTo(request.getOperationsCount());
        standing++;
        for (OperationResult result : reply.getResultsList()) {
            Operation operation = request.getOperations(result.getIndex());
            if (result.getOutcome() == Outcome.OUTCOME_FAILED) {
                assertThat(RIVALRY)
                        .as(result.getError().getMessage())
                        .contains(result.getError().getReason());
            } else if (CHANGED.contains(result.getOutcome()) && !result.getRecordId().isEmpty()) {
                changes.add(
                        new Change(
                                collection(operation) + "/" + result.getRecordId(),
                                result.getVersion(),
                                stamp(operation)));
            }
        }
    }

    private static Operation mark(String mark) {
        return Ops.create(MARKS, mark, "{\"by\":\"%s\"}".formatted(mark));
    }

    private Operation any(String stamp) {
        String collection = COLLECTIONS.get(random.nextInt(COLLECTIONS.size()));
        String data =
                "{\"n\":%d,\"by\":\"%s\",\"to\":%s}".formatted(random.nextInt(VALUES), stamp, to());
        return switch (random.nextInt(16)) {
            case 0 -> definition(collection, random.nextInt(DEFINITIONS));
            case 1, 2 -> Ops.create(collection, id(), data);
            case 3, 4, 5, 6 -> Ops.update(collection, id(), data);
            case 7, 8 -> Ops.delete(collection, id());
            case 9, 10, 11 -> Ops.link("next", collection, id(), id());
            case 12 -> Ops.unlink("next", collection, id(), id());
            case 13 -> Ops.get(collection, id());
            default -> Ops.upsert(collection, id(), data);
        };
    }

    /** What a reference, if there is one, makes the record point at. */
    private String to() {
        return random.nextInt(3) > 0 ? "null" : "\"" + id() + "\"";
    }

    private String id() {
        return "id-" + random.nextInt(IDS);
    }

    private static String collection(Operation operation) {
        return switch (operation.getOperationCase()) {
            case CREATE_RECORD -> operation.getCreateRecord().getCollection();
            case UPSERT_RECORD -> operation.getUpsertRecord().getCollection();
            case UPDATE_RECORD -> operation.getUpdateRecord().getCollection();
            default -> operation.getDeleteRecord().getCollection();
        };
    }

    private static String stamp(Operation operation) {
        String data =
                switch (operation.getOperationCase()) {
                    case CREATE_RECORD -> operation.getCreateRecord().getDataJson();
                    case UPSERT_RECORD -> operation.getUpsertRecord().getDataJson();
                    case UPDATE_RECORD -> operation.getUpdateRecord().getDataJson();
                    default -> "";
                };
        return data.replaceAll(".*\"by\":\"([^\"]*)\".*", "$1");
    }
}
