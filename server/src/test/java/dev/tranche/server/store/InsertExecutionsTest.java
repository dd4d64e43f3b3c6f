package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.batch.Atomicity;
import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.batch.OnConflict;
import dev.tranche.server.engine.Call;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.ExecuteBatch;
import dev.tranche.server.execute.ExecuteLimits;
import dev.tranche.server.execute.ExecuteRequest;
import dev.tranche.server.execute.ExecuteRequest.Step;
import dev.tranche.server.execute.ResultView;
import dev.tranche.server.insert.BatchInserts;
import dev.tranche.server.insert.Candidate;
import dev.tranche.server.insert.InsertLimits;
import dev.tranche.server.insert.InsertOrder;
import dev.tranche.server.insert.InsertRequest;
import dev.tranche.server.insert.InsertRun;
import dev.tranche.server.operation.IdExpression;
import dev.tranche.server.operation.Interpreter;
import dev.tranche.server.operation.OnError;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.Payload;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.OperationLimits;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.schema.Actor;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.JsonLimits;
import dev.tranche.server.schema.JsonSchemas;
import dev.tranche.server.schema.OnDelete;
import dev.tranche.server.schema.ReferenceDefinition;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many times a chunk of an insert goes to the database, whatever the number of its records. */
class InsertExecutionsTest {
    private static final Call CALL =
            new Call(new Actor("anna", "Anna"), () -> Duration.ofMinutes(1), () -> false);
    private static final OperationLimits LIMITS =
            new OperationLimits(1 << 20, 10_000, 1 << 26, 1 << 22, 1_000);
    private static final InsertOptions SKIPPING =
            new InsertOptions(OnConflict.SKIP, null, Atomicity.PER_RECORD, 0, false);

    private final Store store = Store.open();
    private final Engine engine =
            new Engine(new Interpreter(new JsonSchemas(JsonLimits.DEFAULTS), LIMITS), 16);

    @BeforeEach
    void define() {
        execute(
                collection("parents", List.of(), List.of()),
                collection(
                        "children",
                        List.of(new ConstraintDefinition("by_n", List.of("n"))),
                        List.of(new ReferenceDefinition("p", "parents", OnDelete.RESTRICT))),
                parent("a"),
                parent("b"));
        // The definition is read once, and then remembered.
        insert(InsertOptions.DEFAULTS, 0, 1, i -> "{}");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void referencesAreCheckedWithAsManyStatementsForTwoAsForTwoHundredAndFifty() {
        IntFunction<String> pointing =
                i -> "{\"n\":%d,\"p\":\"%s\"}".formatted(i, List.of("a", "b", "none").get(i % 3));
        int few = executions(InsertOptions.DEFAULTS, 1_000, 3, pointing);
        // What all have in common.
        assertThat(executions(InsertOptions.DEFAULTS, 2_001, 249, pointing)).isEqualTo(few + 1);
        assertThat(few).isLessThan(20);
    }

    @Test
    void conflictsTakeAsManyStatementsForOneAsForTwoHundred() {
        insert(InsertOptions.DEFAULTS, 0, 250, i -> "{\"n\":" + i + "}");
        int one = executions(SKIPPING, 249, 2, i -> "{\"n\":" + i + "}");
        // What the new ones have in common.
        assertThat(executions(SKIPPING, 50, 225, i -> "{\"n\":" + i + "}")).isEqualTo(one + 1);
    }

    /** The chunk after one is foreseen before that one is written, so that the next but one learns. */
    @Test
    void keysAreLookedUpAfterAChunkInWhichSomeWereTakenAndClaimedAgainAfterOneInWhichNoneWas() {
        insert(InsertOptions.DEFAULTS, 0, 3, i -> "{\"n\":" + i * 1_000 + "}");
        List<Boolean> claimed = new ArrayList<>();
        try (InsertRun run = start(InsertOptions.DEFAULTS, 0, 6_000, i -> "{\"n\":" + i + "}")) {
            while (run.hasNext()) {
                store.watched().forget();
                assertThat(run.nextResults()).hasSize(1_000);
                claimed.add(
                        store.watched().executed().stream()
                                .anyMatch(sql -> sql.contains("INSERT IGNORE INTO record_key")));
            }
            assertThat(run.batch().counts().failed()).isEqualTo(3);
        }
        assertThat(claimed).hasSize(6).startsWith(true).endsWith(true);
        assertThat(claimed.get(2)).as("after two chunks in which keys were taken").isFalse();
    }

    private int executions(InsertOptions options, int from, int count, IntFunction<String> data) {
        store.watched().forget();
        insert(options, from, count, data);
        return store.watched().executed().size();
    }

    private void insert(InsertOptions options, int from, int count, IntFunction<String> data) {
        try (InsertRun run = start(options, from, count, data)) {
            assertThat(run.nextResults())
                    .hasSize(count)
                    .noneMatch(one -> one.outcome() instanceof Outcome.NotAttempted);
            assertThat(run.hasNext()).isFalse();
        }
    }

    private InsertRun start(InsertOptions options, int from, int count, IntFunction<String> data) {
        InsertLimits limits =
                new InsertLimits(
                        10_000,
                        1_000,
                        1_000,
                        1 << 20,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20),
                        1 << 20,
                        Duration.ofDays(7));
        BatchInserts inserts =
                new BatchInserts(
                        new Reruns<>(store.database().transactions()),
                        engine,
                        new FreshIds(),
                        InstantSource.system(),
                        limits);
        InsertOrder order = new InsertOrder("default", "children", options, null, Map.of());
        return inserts.start(new InsertRequest(order, records(from, count, data)), CALL);
    }

    private static InsertRequest.Records records(int from, int count, IntFunction<String> data) {
        return new InsertRequest.Records() {
            @Override
            public int count() {
                return count;
            }

            @Override
            public Candidate get(int index) {
                return new Candidate.Decoded(null, Samples.json(data.apply(from + index)));
            }
        };
    }

    private void execute(Operation... operations) {
        List<Step> steps = new ArrayList<>();
        for (Operation operation : operations) {
            steps.add(new Step("", null, null, operation));
        }
        new ExecuteBatch(
                        new Reruns<>(store.database().transactions()),
                        new Reruns<>(store.database().previews()),
                        engine,
                        new FreshIds(),
                        InstantSource.system(),
                        new ExecuteLimits(1_000, Duration.ofSeconds(20)))
                .execute(
                        new ExecuteRequest(
                                "default",
                                steps,
                                OnError.ROLLBACK,
                                null,
                                ResultView.BASIC,
                                false,
                                Map.of()),
                        CALL,
                        reply -> {});
    }

    private static Operation collection(
            String name,
            List<ConstraintDefinition> constraints,
            List<ReferenceDefinition> references) {
        return new UpsertCollection(
                name, new CollectionDefinition(null, constraints, references, false));
    }

    private static Operation parent(String id) {
        return new CreateRecord(
                "parents", IdExpression.parse(id), new Payload(Samples.json("{}"), false), false);
    }
}
