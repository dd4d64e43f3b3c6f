package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.engine.Call;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.ExecuteBatch;
import dev.tranche.server.execute.ExecuteLimits;
import dev.tranche.server.execute.ExecuteRequest;
import dev.tranche.server.execute.ExecuteRequest.Step;
import dev.tranche.server.execute.ResultView;
import dev.tranche.server.operation.IdExpression;
import dev.tranche.server.operation.Interpreter;
import dev.tranche.server.operation.OnError;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.DeleteRecord;
import dev.tranche.server.operation.Operation.End;
import dev.tranche.server.operation.Operation.Payload;
import dev.tranche.server.operation.Operation.UpdateRecord;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.Operation.UpsertRelationship;
import dev.tranche.server.operation.OperationLimits;
import dev.tranche.server.operation.Precondition;
import dev.tranche.server.schema.Actor;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.JsonLimits;
import dev.tranche.server.schema.JsonSchemas;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many times a whole batch goes to the database, whatever the number of its operations. */
class BatchExecutionsTest {
    private static final Precondition NONE = new Precondition.None();
    private static final String ITEMS = "items";

    private final Store store = Store.open();
    private final ExecuteBatch batches = batches(store.database());

    @BeforeEach
    void define() {
        execute(
                List.of(
                        new UpsertCollection(
                                ITEMS,
                                new CollectionDefinition(
                                        null,
                                        List.of(new ConstraintDefinition("by_n", List.of("n"))),
                                        List.of(),
                                        false))));
        // The definition is read once, and then remembered.
        execute(List.of(create("hub", "{}")));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aBatchOfCreationsTakesAsManyForOneAsForTwoHundredAndFifty() {
        int one = executions(creations(0, 1));
        // What all have in common.
        assertThat(executions(creations(1_000, 250))).isEqualTo(one + 1);
        // The second portion of ids, and that of keys.
        assertThat(executions(creations(2_000, 251))).isEqualTo(one + 3);
    }

    @Test
    void aBatchOfAllKindsOfChangesTakesAsManyForAFewAsForMany() {
        execute(creations(0, 400));
        int few = executions(changes(0, 2));
        // What all have in common.
        assertThat(executions(changes(100, 60))).isEqualTo(few + 1);
        assertThat(few).isLessThan(25);
    }

    private static List<Operation> creations(int from, int count) {
        List<Operation> operations = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            operations.add(create("id-" + i, "{\"n\":" + i + "}"));
        }
        return operations;
    }

    /** So many new records, links to one of them all, changed values and deleted records. */
    private static List<Operation> changes(int from, int count) {
        List<Operation> operations = new ArrayList<>(creations(from + 5_000, count));
        for (int i = from; i < from + count; i++) {
            operations.add(
                    new UpdateRecord(
                            ITEMS, id("id-" + i), payload("{\"n\":-" + (i + 1) + "}"), NONE));
            operations.add(new UpsertRelationship("to", end("id-" + i), end("hub"), payload("{}")));
            operations.add(new DeleteRecord(ITEMS, id("id-" + (from + count + i)), true, NONE));
        }
        return operations;
    }

    private int executions(List<Operation> operations) {
        store.watched().forget();
        execute(operations);
        return store.watched().executed().size();
    }

    private void execute(List<Operation> operations) {
        List<Step> steps = operations.stream().map(one -> new Step("", null, null, one)).toList();
        ExecuteRequest request =
                new ExecuteRequest(
                        "default",
                        steps,
                        OnError.ROLLBACK,
                        null,
                        ResultView.BASIC,
                        false,
                        Map.of());
        Call call = new Call(new Actor("anna", "Anna"), () -> Duration.ofMinutes(1), () -> false);
        batches.execute(request, call, reply -> {});
    }

    private static ExecuteBatch batches(Database database) {
        OperationLimits limits = new OperationLimits(1 << 20, 10_000, 1 << 26, 1 << 22, 1_000);
        return new ExecuteBatch(
                new Reruns<>(database.transactions()),
                new Reruns<>(database.previews()),
                new Engine(new Interpreter(new JsonSchemas(JsonLimits.DEFAULTS), limits), 16),
                new FreshIds(),
                InstantSource.system(),
                new ExecuteLimits(1_000, Duration.ofSeconds(20)));
    }

    private static Operation create(String id, String data) {
        return new CreateRecord(ITEMS, id(id), payload(data), false);
    }

    private static End end(String id) {
        return new End(ITEMS, id(id));
    }

    private static IdExpression id(String text) {
        return IdExpression.parse(text);
    }

    private static Payload payload(String data) {
        return new Payload(Samples.json(data), false);
    }
}
