package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.tranche.server.batch.Atomicity;
import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.batch.OnConflict;
import dev.tranche.server.insert.InsertRun;
import dev.tranche.server.operation.IdExpression;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.Payload;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.OnDelete;
import dev.tranche.server.schema.ReferenceDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many times a chunk of an insert goes to the database, whatever the number of its records. */
class InsertExecutionsTest {
    private static final InsertOptions SKIPPING =
            new InsertOptions(OnConflict.SKIP, null, Atomicity.PER_RECORD, 0, false);

    private final Store store = Store.open();
    private final Inserting inserting = Inserting.into(store);

    @BeforeEach
    void define() {
        inserting.execute(
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

    @Test
    void onlyTheKeysThatWereTakenAreLookedUpAfterTheClaim() {
        insert(InsertOptions.DEFAULTS, 0, 3, i -> "{\"n\":" + i * 100 + "}");
        store.watched().forget();
        insert(InsertOptions.DEFAULTS, 0, 1_000, i -> "{\"n\":" + i + "}");
        assertThat(store.watched().executed())
                .filteredOn(sql -> sql.contains("FROM record_key"))
                .singleElement(STRING)
                .containsPattern("key_hash IN \\([^,]+,[^,]+,[^,]+\\)");
    }

    /** The chunk after one is foreseen before that one is written, so that the next but one learns. */
    @Test
    void keysAreLookedUpAfterAChunkInWhichManyWereTakenAndClaimedAgainAfterOneInWhichFewWere() {
        insert(InsertOptions.DEFAULTS, 0, 201, i -> "{\"n\":" + i + "}");
        insert(InsertOptions.DEFAULTS, 0, 201, i -> "{\"n\":" + (1_000 + i) + "}");
        insert(InsertOptions.DEFAULTS, 0, 200, i -> "{\"n\":" + (2_000 + i) + "}");
        List<Boolean> claimed = new ArrayList<>();
        try (InsertRun run = start(InsertOptions.DEFAULTS, 0, 6_000, i -> "{\"n\":" + i + "}")) {
            while (run.hasNext()) {
                store.watched().forget();
                assertThat(run.nextResults()).hasSize(1_000);
                claimed.add(
                        store.watched().executed().stream()
                                .anyMatch(sql -> sql.contains("INSERT IGNORE INTO record_key")));
            }
            assertThat(run.batch().counts().failed()).isEqualTo(602);
        }
        assertThat(claimed).hasSize(6).startsWith(true).endsWith(true);
        assertThat(claimed.get(2)).as("after two chunks in which many were taken").isFalse();
        assertThat(claimed.get(4)).as("after one in which few were taken").isTrue();
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
        return inserting.start(
                "children",
                options,
                0,
                Duration.ofSeconds(20),
                Inserting.records(from, count, data));
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
