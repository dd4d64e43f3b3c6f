package dev.tranche.server.engine;

import static dev.tranche.server.operation.Effect.DELETED;
import static dev.tranche.server.operation.Effect.INSERTED;
import static dev.tranche.server.operation.Effect.READ;
import static dev.tranche.server.operation.Effect.UNCHANGED;
import static dev.tranche.server.operation.Effect.UPDATED;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.operation.Effect;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Outcome.Applied;
import dev.tranche.server.operation.Outcome.Failed;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Resource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operations mean, one after another and together. */
class OperationLanguageTest {
    private final Language language = new Language();

    @BeforeEach
    void createCollection() {
        language.run(Language.collection("c", "{\"type\":\"object\"}", "by_n", "n"));
    }

    @Test
    void createsReadsUpdatesAndDeletes() {
        List<Outcome> outcomes =
                language.run(
                        Language.create("c", "a", "{\"n\":1}"),
                        Language.update("c", "a", "{\"m\":2}"),
                        Language.get("c", "a"),
                        Language.delete("c", "a"));
        assertThat(effects(outcomes)).containsExactly(INSERTED, UPDATED, READ, DELETED);
        assertThat(versions(outcomes)).containsExactly(1L, 2L, 2L, 3L);
        assertThat(read(outcomes.get(2))).isEqualTo("{\"n\":1,\"m\":2}");
        assertThat(language.rows().keys()).isEmpty();
    }

    @Test
    void revivesADeletedIdAndGoesOnCounting() {
        List<Outcome> outcomes =
                language.run(
                        Language.create("c", "a", "{}"),
                        Language.delete("c", "a"),
                        Language.create("c", "a", "{}"));
        assertThat(versions(outcomes)).containsExactly(1L, 2L, 3L);
        assertThat(
                        versions(
                                language.run(
                                        Language.delete("c", "a"),
                                        Language.upsert("c", "a", "{}"))))
                .containsExactly(4L, 5L);
        assertThat(language.rows().records()).hasSize(1);
    }

    @Test
    void anUpsertOfEqualDataChangesNothing() {
        language.run(Language.create("c", "a", "{\"x\":1,\"y\":[2]}"));
        List<Outcome> outcomes = language.run(Language.upsert("c", "a", "{\"y\":[2.0],\"x\":1}"));
        assertThat(effects(outcomes)).containsExactly(UNCHANGED);
        assertThat(versions(outcomes)).containsExactly(1L);
    }

    @Test
    void handsAUniqueValueFromADeletedRecordToANewOne() {
        language.run(Language.create("c", "a", "{\"n\":1}"));
        List<Outcome> outcomes =
                language.run(Language.delete("c", "a"), Language.create("c", "b", "{\"n\":1}"));
        assertThat(effects(outcomes)).containsExactly(DELETED, INSERTED);
        assertThat(language.rows().keys()).containsValue("b").hasSize(1);
    }

    @Test
    void namesTheConstraintAndTheTwinOfAUniqueViolation() {
        language.run(Language.create("c", "a", "{\"n\":1}"));
        List<Outcome> outcomes =
                language.run(
                        Language.create("c", "b", "{\"n\":1.0}"),
                        Language.create("c", "d", "{\"n\":2}"),
                        Language.create("c", "e", "{\"n\":2}"));
        ItemError stored = error(outcomes.get(0));
        assertThat(stored.reason()).isEqualTo(Reason.UNIQUE_CONSTRAINT_VIOLATION);
        assertThat(stored.constraint()).isEqualTo("by_n");
        assertThat(stored.existingRecordId()).isEqualTo("a");
        assertThat(stored.earlierIndex()).isNull();
        ItemError twin = error(outcomes.get(2));
        assertThat(twin.existingRecordId()).isEqualTo("d");
        assertThat(twin.earlierIndex()).isEqualTo(1);
    }

    @Test
    void aFailedOperationLeavesNoTrace() {
        List<Outcome> outcomes =
                language.run(
                        Language.create("c", "a", "{\"n\":1}"),
                        Language.update("c", "a", "{\"n\":{}}"),
                        Language.create("c", "b", "{\"n\":1}"),
                        Language.get("c", "a"));
        assertThat(error(outcomes.get(1)).reason()).isEqualTo(Reason.SCHEMA_VIOLATION);
        assertThat(error(outcomes.get(1)).constraint()).isEqualTo("by_n");
        assertThat(error(outcomes.get(2)).existingRecordId()).isEqualTo("a");
        assertThat(versions(outcomes.subList(3, 4))).containsExactly(1L);
    }

    @Test
    void marksWhatFailedOnlyBecauseAnEarlierOperationDid() {
        List<Outcome> outcomes =
                language.run(
                        Language.create("nowhere", "a", "{}"),
                        Language.update("nowhere", "a", "{}"),
                        Language.create("c", "x", "{\"n\":[]}"),
                        Language.update("c", "x", "{}"),
                        Language.link("c", "x", "c", "x"));
        assertThat(error(outcomes.get(0)).reason()).isEqualTo(Reason.COLLECTION_NOT_FOUND);
        assertThat(error(outcomes.get(1)).reason()).isEqualTo(Reason.COLLECTION_NOT_FOUND);
        assertThat(error(outcomes.get(3)).reason()).isEqualTo(Reason.DEPENDENCY_FAILED);
        assertThat(error(outcomes.get(3)).earlierIndex()).isEqualTo(2);
        assertThat(error(outcomes.get(4)).reason()).isEqualTo(Reason.DEPENDENCY_FAILED);
        assertThat(error(outcomes.get(4)).earlierIndex()).isEqualTo(2);
    }

    @Test
    void whatWasToBeDeletedIsNotMissingBecauseItFailed() {
        List<Outcome> outcomes =
                language.run(
                        Language.create("c", "x", "{}"),
                        Language.create("c", "x", "{}"),
                        Language.delete("c", "x"),
                        Language.get("c", "x"));
        assertThat(error(outcomes.get(1)).reason()).isEqualTo(Reason.RECORD_ALREADY_EXISTS);
        assertThat(error(outcomes.get(3)).reason()).isEqualTo(Reason.RECORD_NOT_FOUND);
    }

    @Test
    void aNewConstraintFindsWhatCannotBeComparedBeforeWhatIsEqual() {
        language.run(
                Language.create("c", "a", "{\"k\":1}"),
                Language.create("c", "b", "{\"k\":1}"),
                Language.create("c", "d", "{\"k\":[]}"));
        List<Outcome> outcomes = language.run(Language.collection("c", null, "by_k", "k"));
        assertThat(error(outcomes.getFirst()).reason()).isEqualTo(Reason.SCHEMA_VIOLATION);
        assertThat(error(outcomes.getFirst()).constraint()).isEqualTo("by_k");
        assertThat(error(outcomes.getFirst()).violations()).hasSize(1);
    }

    @Test
    void resolvesReferencesToEarlierOperations() {
        List<Outcome> outcomes =
                language.run(
                        Language.create("c", "", "{}"),
                        Language.link("c", "${ops[0].id}", "c", "${ops[0].id}"),
                        Language.create("c", "z", "{\"at\":\"${ops[0].id}\",\"no\":\"$${x}\"}"),
                        Language.get("c", "z"));
        String made = ((Applied) outcomes.get(0)).recordId();
        assertThat(effects(outcomes)).containsExactly(INSERTED, INSERTED, INSERTED, READ);
        assertThat(read(outcomes.get(3))).isEqualTo("{\"at\":\"" + made + "\",\"no\":\"${x}\"}");
    }

    @Test
    void refusesForwardSelfAndUnknownReferences() {
        List<Outcome> outcomes =
                language.run(
                        Language.get("c", "${ops[1].id}"),
                        Language.get("c", "${ops[1].id}"),
                        Language.get("c", "${ops[9].id}"),
                        Language.get("c", "${nobody.id}"),
                        Language.get("c", "${ops[0].data}"));
        assertThat(outcomes)
                .allSatisfy(outcome ->
                        assertThat(error(outcome).reason()).isEqualTo(Reason.UNRESOLVED_REFERENCE));
        assertThat(error(outcomes.get(0)).violations().getFirst().path())
                .isEqualTo("operations[0].get_record.id");
    }

    @Test
    void removesTheRelationshipsOfADeletedRecord() {
        language.run(
                Language.create("c", "a", "{}"),
                Language.create("c", "b", "{}"),
                Language.link("c", "a", "c", "b"));
        assertThat(language.rows().relationships()).hasSize(1);
        language.run(Language.delete("c", "b"), Language.create("c", "b", "{}"));
        assertThat(language.rows().relationships()).isEmpty();
    }

    @Test
    void aChangedDefinitionBindsTheLiveRecordsAndThoseOfTheSameBatch() {
        language.run(Language.create("c", "a", "{\"n\":1,\"k\":7}"));
        List<Outcome> refused =
                language.run(
                        Language.create("c", "b", "{\"n\":2,\"k\":7}"),
                        Language.collection("c", null, "by_k", "k"));
        assertThat(error(refused.get(1)).reason()).isEqualTo(Reason.UNIQUE_CONSTRAINT_VIOLATION);
        List<Outcome> accepted =
                language.run(
                        Language.update("c", "b", "{\"k\":8}"),
                        Language.collection("c", null, "by_k", "k"),
                        Language.create("c", "d", "{\"k\":8}"));
        assertThat(effects(accepted.subList(0, 2))).containsExactly(UPDATED, UPDATED);
        assertThat(error(accepted.get(2)).existingRecordId()).isEqualTo("b");
    }

    @Test
    void aCollectionCanBeCreatedFilledAndDeletedInOneBatch() {
        List<Outcome> outcomes =
                language.run(
                        Language.collection("t", null, "u", "x"),
                        Language.create("t", "1", "{\"x\":1}"),
                        Language.deleteCollection("t"),
                        Language.create("t", "1", "{\"x\":1}"),
                        Language.collection("t", null, "u", "x"),
                        Language.create("t", "1", "{\"x\":1}"));
        assertThat(error(outcomes.get(3)).reason()).isEqualTo(Reason.COLLECTION_NOT_FOUND);
        assertThat(effects(outcomes.subList(4, 6))).containsExactly(INSERTED, INSERTED);
        assertThat(language.rows().records()).hasSize(1);
        assertThat(language.rows().keys()).hasSize(1);
    }

    @Test
    void loadsTableByTableHoweverManyOperationsThereAre() {
        language.run(
                Language.create("c", "a", "{\"n\":1}"), Language.create("c", "b", "{\"n\":2}"));
        language.rows().loads().clear();
        language.run(
                Language.update("c", "b", "{\"n\":4}"),
                Language.create("c", "d", "{\"n\":3}"),
                Language.link("c", "a", "c", "b"),
                Language.delete("c", "a"));
        List<String> loads = language.rows().loads();
        assertThat(loads).first().isEqualTo("CollectionKey SHARED");
        assertThat(loads).filteredOn(load -> load.startsWith("RecordKey")).hasSize(3);
        assertThat(loads).doesNotContain("RecordKey SHARED");
        assertThat(loads).isSortedAccordingTo((one, two) -> rank(one) - rank(two));
    }

    private static int rank(String load) {
        return List.of(
                        "CollectionKey",
                        "InboundKey",
                        "RecordKey",
                        "UniqueKey",
                        "LinksKey",
                        "RelationshipKey")
                .indexOf(load.substring(0, load.indexOf(' ')));
    }

    private static List<Effect> effects(List<Outcome> outcomes) {
        return outcomes.stream().map(outcome -> ((Applied) outcome).effect()).toList();
    }

    private static List<Long> versions(List<Outcome> outcomes) {
        return outcomes.stream().map(outcome -> ((Applied) outcome).version()).toList();
    }

    private static String read(Outcome outcome) {
        Resource read = requireNonNull(((Applied) outcome).resource());
        return ((Resource.OfRecord) read).row().data().text();
    }

    private static ItemError error(Outcome outcome) {
        return ((Failed) outcome).error();
    }
}
