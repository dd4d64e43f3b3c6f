package dev.tranche.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.NamedRows;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.Program.Rules;
import dev.tranche.server.operation.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is found without a pass, and what is left to the passes. */
class NamedRowsTest {
    private final Language language = new Language();

    @BeforeEach
    void createCollection() {
        language.run(Language.collection("c", null, "by_n", "n"));
    }

    @Test
    void findsTableByTableWhatOperationsOnRecordsName() {
        assertThat(
                        found(
                                Language.create("c", "a", "{}"),
                                Language.update("c", "b", "{}"),
                                Language.delete("c", "d"),
                                Language.get("c", "e"),
                                Language.get("c", "a")))
                .containsExactly(
                        "[CollectionKey SHARED]",
                        "[InboundKey SHARED]",
                        "[RecordKey EXCLUSIVE, RecordKey EXCLUSIVE, RecordKey EXCLUSIVE,"
                                + " RecordKey SHARED]");
    }

    @Test
    void nobodyCanHaveUsedAnIdThatTheServerMakes() {
        assertThat(found(Language.create("c", "", "{}"))).containsExactly("[CollectionKey SHARED]");
    }

    @Test
    void recordsOfACollectionThatDoesNotExistAreNotLookedFor() {
        assertThat(found(Language.delete("gone", "a"), Language.get("c", "a")))
                .containsExactly(
                        "[CollectionKey SHARED, CollectionKey SHARED]", "[RecordKey SHARED]");
    }

    @Test
    void leavesAProgramToThePassesIfAnOperationNamesSomethingElse() {
        Operation create = Language.create("c", "a", "{}");
        assertThat(found(create, Language.get("c", "${0.id}"))).isEmpty();
        assertThat(found(create, Language.link("c", "a", "c", "a"))).isEmpty();
        assertThat(found(create, Language.collection("d", null, "by_n", "n"))).isEmpty();
        assertThat(found(create, Language.deleteCollection("d"))).isEmpty();
    }

    @Test
    void oneStatementEachIsEnoughForWhatHangsOnRecords() {
        language.run(Language.create("c", "d", "{\"n\":1}"));
        language.rows().loads().clear();
        language.run(Language.create("c", "a", "{\"n\":2}"), Language.delete("c", "d"));
        assertThat(language.rows().loads())
                .containsExactly(
                        "CollectionKey SHARED",
                        "InboundKey SHARED",
                        "RecordKey EXCLUSIVE",
                        "RecordKey EXCLUSIVE",
                        "UniqueKey EXCLUSIVE",
                        "UniqueKey EXCLUSIVE",
                        "LinksKey EXCLUSIVE");
    }

    /** What is missing each time, until nothing is. */
    private List<String> found(Operation... operations) {
        NamedRows named = NamedRows.of(language.program(Rules.EACH, operations));
        Snapshot snapshot = new Snapshot();
        List<String> found = new ArrayList<>();
        for (Needs next = named.missing(snapshot);
                !next.isEmpty();
                next = named.missing(snapshot)) {
            found.add(next.inOrder().stream().map(NamedRowsTest::text).toList().toString());
            language.rows().load(1, next, snapshot);
        }
        return found;
    }

    private static String text(Needs.Need need) {
        LockMode mode = need.mode();
        return need.key().getClass().getSimpleName() + " " + mode;
    }
}
