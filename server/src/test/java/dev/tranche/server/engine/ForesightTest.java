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
import dev.tranche.server.operation.Program.Rules;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.RowKey;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
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

    @Test
    void claimsThatWereForeseenAreTakenBeforeTheOnlyPass() {
        language.run(create("x", 2));
        Foresight foresight = foreseeClaims(create(1), create(2), create(3), create(3), create(""));
        assertThat(needs(foresight)).hasSize(3).allMatch(key -> key instanceof UniqueKey);
        Pass.Complete pass = apply(foresight);
        assertThat(pass.claims().isEmpty()).as("nothing is left to be claimed").isTrue();
        List<Outcome> outcomes = language.write(pass);
        assertThat(effects(List.of(outcomes.get(0), outcomes.get(2), outcomes.get(4))))
                .containsOnly(Effect.INSERTED);
        assertThat(((Failed) outcomes.get(1)).error().existingRecordId()).isEqualTo("x");
        assertThat(reason(outcomes.get(3))).isEqualTo(Reason.UNIQUE_CONSTRAINT_VIOLATION);
        assertThat(language.rows().keys()).hasSize(3);
        assertThat(language.rows().records()).hasSize(4);
    }

    @Test
    void aForeseenClaimOfARecordThatFailsGoesToTheNextOneThatWantsIt() {
        String schema = "{\"required\":[\"m\"]}";
        language.run(Language.collection("c", schema, "by_n", "n"));
        Pass.Complete pass = apply(foreseeClaims(create(1), create("\"n\":1,\"m\":0"), create(2)));
        List<Outcome> outcomes = language.write(pass);
        assertThat(reason(outcomes.get(0))).isEqualTo(Reason.SCHEMA_VIOLATION);
        assertThat(outcomes.get(1)).isInstanceOf(Applied.class);
        assertThat(reason(outcomes.get(2))).isEqualTo(Reason.SCHEMA_VIOLATION);
        String second = ((Applied) outcomes.get(1)).recordId();
        assertThat(language.rows().keys()).containsValue(second).hasSize(1);
    }

    /** Locks of records come before those of keys. */
    @Test
    void whatMayNeedMoreThanItsKeysIsForeseenAsAWhole() {
        assertThat(needs(foreseeClaims(create(1), create("a", 2))))
                .as("a record that may be there")
                .anyMatch(key -> key instanceof RecordKey);
        assertThat(foreseeClaims(create("")).pass())
                .as("no keys")
                .isInstanceOf(Pass.Complete.class);
        Payload data = new Payload(Language.json("{\"n\":1}"), false);
        Operation unchecked = new CreateRecord("c", new IdExpression.Generated(), data, true);
        assertThat(needs(foreseeClaims(create(2), unchecked)))
                .as("a key that is only looked up")
                .isNotEmpty();
    }

    private Foresight foresee(Operation... operations) {
        return language.engine().foresee(language.program(Rules.EACH_CREATES, operations), begun());
    }

    private Foresight foreseeClaims(Operation... operations) {
        return language.engine()
                .foreseeClaims(language.program(Rules.EACH_CREATES, operations), begun());
    }

    /** What a transaction begins with. */
    private Snapshot begun() {
        Locks locks = locks();
        language.engine().apply(language.rows(), language.program(Rules.EACH), locks, budget());
        return locks.begun();
    }

    private static List<RowKey<?>> needs(Foresight foresight) {
        assertThat(foresight.pass()).isInstanceOf(Pass.Incomplete.class);
        List<RowKey<?>> keys = new ArrayList<>();
        ((Pass.Incomplete) foresight.pass()).needs().inOrder().forEach(one -> keys.add(one.key()));
        return keys;
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
        return create("\"n\":" + n);
    }

    private static Operation create(String members) {
        Payload data = new Payload(Language.json("{" + members + "}"), false);
        return new CreateRecord("c", new IdExpression.Generated(), data, false);
    }

    private static List<Effect> effects(List<Outcome> outcomes) {
        return outcomes.stream().map(one -> ((Applied) one).effect()).toList();
    }

    private static Reason reason(Outcome outcome) {
        return ((Failed) outcome).error().reason();
    }
}
