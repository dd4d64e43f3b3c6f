package dev.tranche.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.operation.Effect;
import dev.tranche.server.operation.IdExpression;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.Payload;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.Outcome.Failed;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.Program.Rules;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.RowKey.CollectionKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is foreseen holds as long as the transaction begins with the same rows, and no longer. */
class ForesightTest {
    private final Language language = new Language();

    @BeforeEach
    void createCollection() {
        language.run(Language.collection("c", null, "by_n", "n"));
    }

    @Test
    void aPassOverTheSameRowsIsNotMadeAgain() {
        Foresight foresight = foresee(create(1), create(2));
        Pass.Complete pass = apply(foresight);
        assertThat(pass).isSameAs(foresight.pass());
        assertThat(effects(language.write(pass))).containsExactly(Effect.INSERTED, Effect.INSERTED);
        assertThat(language.rows().keys()).hasSize(2);
        assertThat(language.rows().records()).hasSize(2);
    }

    @Test
    void aDefinitionThatChangedMeanwhileCounts() {
        Foresight foresight = foresee(create("a", 1), create("b", 2));
        String schema = "{\"properties\":{\"n\":{\"maximum\":1}}}";
        language.run(Language.collection("c", schema, "by_n", "n"));
        List<Outcome> outcomes = language.write(apply(foresight));
        assertThat(outcomes.get(0)).isInstanceOf(Applied.class);
        assertThat(reason(outcomes.get(1))).isEqualTo(Reason.SCHEMA_VIOLATION);
        assertThat(language.rows().keys()).containsValue("a").hasSize(1);
    }

    @Test
    void aCollectionThatIsGoneMeanwhileIsMissed() {
        Foresight foresight = foresee(create("a", 1));
        language.run(Language.deleteCollection("c"));
        List<Outcome> outcomes = language.write(apply(foresight));
        assertThat(reason(outcomes.get(0))).isEqualTo(Reason.COLLECTION_NOT_FOUND);
        assertThat(language.rows().records()).isEmpty();
    }

    @Test
    void aValueThatIsTakenMeanwhileIsNotTakenAgain() {
        Foresight foresight = foresee(create("a", 1), create("b", 2), create("d", 2));
        language.run(create("x", 2));
        List<Outcome> outcomes = language.write(apply(foresight));
        assertThat(outcomes.get(0)).isInstanceOf(Applied.class);
        for (Outcome taken : outcomes.subList(1, 3)) {
            assertThat(reason(taken)).isEqualTo(Reason.UNIQUE_CONSTRAINT_VIOLATION);
            assertThat(((Failed) taken).error().existingRecordId()).isEqualTo("x");
        }
        assertThat(language.rows().keys()).containsValues("a", "x").hasSize(2);
    }

    @Test
    void whatIsClaimedForARecordThatFailsIsGivenBack() {
        String schema = "{\"properties\":{\"n\":{\"maximum\":1}}}";
        language.run(Language.collection("c", schema, "by_n", "n"));
        List<Outcome> outcomes = language.write(apply(foresee(create("a", 1), create("b", 2))));
        assertThat(reason(outcomes.get(1))).isEqualTo(Reason.SCHEMA_VIOLATION);
        assertThat(language.rows().keys()).containsValue("a").hasSize(1);
    }

    private Foresight foresee(Operation... operations) {
        Program program = language.program(Rules.EACH_CREATES, operations);
        Locks before = locks();
        language.engine().apply(language.rows(), language.program(Rules.EACH), before, budget());
        return language.engine().foresee(program, before.begun());
    }

    private Pass.Complete apply(Foresight foresight) {
        return language.engine().apply(language.rows(), foresight, locks(), budget());
    }

    private static Locks locks() {
        Needs needs = new Needs();
        needs.add(new CollectionKey("c"), LockMode.SHARED);
        return new Locks().foreseeing(needs);
    }

    private static Budget budget() {
        return new Budget(Duration.ofMinutes(1), () -> false);
    }

    private static Operation create(String id, int n) {
        return Language.create("c", id, "{\"n\":" + n + "}");
    }

    private static Operation create(int n) {
        Payload data = new Payload(Language.json("{\"n\":" + n + "}"), false);
        return new CreateRecord("c", new IdExpression.Generated(), data, false);
    }

    private static List<Effect> effects(List<Outcome> outcomes) {
        return outcomes.stream().map(one -> ((Applied) one).effect()).toList();
    }

    private static Reason reason(Outcome outcome) {
        return ((Failed) outcome).error().reason();
    }
}
