package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_DEPENDENCY_FAILED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_SCHEMA;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.OnDelete.ON_DELETE_CASCADE;
import static dev.tranche.v1.OnDelete.ON_DELETE_RESTRICT;
import static dev.tranche.v1.OnDelete.ON_DELETE_UNSPECIFIED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Collection;
import dev.tranche.v1.CollectionReference;
import dev.tranche.v1.GetCollectionRequest;
import dev.tranche.v1.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** References from collections to others, and what goes by cascade. */
class CollectionReferencesTest {
    private static final int CASCADE_MAX = 20;

    private static TestServer server;
    private Caller caller;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("--cascade-rows-max=" + CASCADE_MAX, "--scan-records-max=100");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    /** Songs belong to albums, which belong to artists; notes hold albums back. */
    @BeforeEach
    void enter() throws Exception {
        caller = Caller.of(server);
        caller.execute(
                Ops.collection("artists"),
                Ops.pointing("albums", Ops.reference("by.artist", "artists", ON_DELETE_CASCADE)),
                Ops.pointing("songs", Ops.reference("album", "albums", ON_DELETE_CASCADE)),
                Ops.pointing("notes", Ops.reference("album", "albums", ON_DELETE_UNSPECIFIED)));
        caller.execute(
                Ops.create("artists", "nina", "{}"),
                Ops.create("albums", "baltimore", "{\"by\":{\"artist\":\"nina\"}}"),
                Ops.create("songs", "rich", "{\"album\":\"baltimore\"}"),
                Ops.create("songs", "single", "{\"album\":null}"),
                Ops.create("songs", "other", "{}"));
    }

    @Test
    void areShownWithTheCollection() throws Exception {
        Collection notes =
                server.workspaces()
                        .getCollection(
                                GetCollectionRequest.newBuilder()
                                        .setWorkspace(caller.workspace())
                                        .setCollection("notes")
                                        .build());
        assertThat(notes.getReferencesList())
                .containsExactly(Ops.reference("album", "albums", ON_DELETE_RESTRICT));
    }

    @Test
    void refuseARecordThatPointsAtNothing() throws Exception {
        Refusal refusal =
                caller.refused(
                        Ops.create("songs", "x", "{\"album\":\"lost\"}"),
                        Ops.update("songs", "rich", "{\"album\":\"gone\"}"),
                        Ops.upsert("songs", "single", "{\"album\":\"Baltimore\"}"),
                        Ops.create("albums", "y", "{\"by\":{\"artist\":\"nobody\"}}"));
        refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION)
                .because(0, 1, 2, 3)
                .at(
                        "operations[0].create_record.data/album",
                        "operations[1].update_record.data/album",
                        "operations[2].upsert_record.data/album",
                        "operations[3].create_record.data/by/artist");
        assertThat(refusal.error(0).getMessage()).contains("\"lost\"").contains("\"albums\"");
    }

    @Test
    void nameTheOperationThatShouldHaveMadeTheTarget() throws Exception {
        Refusal refusal =
                caller.refused(
                        Ops.create("albums", "new", "{\"by\":{\"artist\":\"nobody\"}}"),
                        Ops.create("songs", "x", "{\"album\":\"new\"}"));
        refusal.because(0, 1);
        assertThat(refusal.error(1).getReason()).isEqualTo(ERROR_REASON_DEPENDENCY_FAILED);
        assertThat(refusal.error(1).getEarlierIndex()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "[\"baltimore\"]", "{}"})
    void refuseAFieldThatHoldsNoString(String value) throws Exception {
        caller.refused(Ops.create("songs", "x", "{\"album\":" + value + "}"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .at("operations[0].create_record.data/album");
    }

    @Test
    void takeWithThemWhatPointsByCascade() throws Exception {
        Contents before = Contents.of(server);
        caller.execute(Ops.link("likes", "songs", "single", "rich"));
        caller.execute(
                Ops.named("new", Ops.create("songs", "", "{\"album\":\"baltimore\"}")),
                Ops.delete("artists", "nina"),
                Ops.create("songs", "rich", "{}"));
        assertThat(caller.read("songs", "rich").getVersion()).isEqualTo(3);
        caller.refused(Ops.get("albums", "baltimore"));
        Contents after = Contents.of(server);
        assertThat(after.count("record_reference")).isEqualTo(before.count("record_reference") - 2);
        assertThat(after.count("relationship")).isEqualTo(before.count("relationship"));
    }

    @Test
    void holdBackWhatIsPointedAt() throws Exception {
        caller.execute(Ops.create("notes", "n", "{\"album\":\"baltimore\"}"));
        for (Operation delete :
                List.of(Ops.delete("albums", "baltimore"), Ops.delete("artists", "nina"))) {
            Refusal refusal = caller.refused(delete);
            refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION).because(0);
            assertThat(refusal.error(0).getExistingRecordId()).isEqualTo("n");
            assertThat(refusal.message()).contains("\"notes\"").contains("\"album\"");
        }
        caller.execute(Ops.delete("notes", "n"), Ops.delete("artists", "nina"));
    }

    @Test
    void letGoOfWhatPointsElsewhereByThen() throws Exception {
        caller.execute(
                Ops.create("notes", "n", "{\"album\":\"baltimore\"}"),
                Ops.create("albums", "b", "{}"));
        caller.execute(
                Ops.update("notes", "n", "{\"album\":\"b\"}"),
                Ops.update("songs", "rich", "{\"album\":null}"),
                Ops.delete("albums", "baltimore"));
        assertThat(caller.read("songs", "rich").getVersion()).isEqualTo(2);
        caller.refused(Ops.delete("albums", "b"))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION);
    }

    @Test
    void goInCirclesAndPointAtThemselves() throws Exception {
        caller.execute(
                Ops.pointing("people", Ops.reference("friend", "people", ON_DELETE_CASCADE)),
                Ops.create("people", "me", "{\"friend\":\"me\"}"),
                Ops.create("people", "a", "{}"),
                Ops.create("people", "b", "{\"friend\":\"a\"}"),
                Ops.update("people", "a", "{\"friend\":\"b\"}"),
                Ops.create("people", "c", "{\"friend\":\"b\"}"));
        caller.execute(Ops.delete("people", "me"));
        caller.execute(Ops.delete("people", "b"));
        for (String id : List.of("me", "a", "b", "c")) {
            caller.refused(Ops.get("people", id));
        }
    }

    @Test
    void goInCirclesOverSeveralCollections() throws Exception {
        caller.execute(
                Ops.pointing("artists", Ops.reference("hit", "songs", ON_DELETE_CASCADE)),
                Ops.update("artists", "nina", "{\"hit\":\"rich\"}"),
                Ops.create("artists", "fan", "{\"hit\":\"rich\"}"));
        caller.execute(Ops.create("notes", "n", "{\"album\":\"baltimore\"}"));
        caller.refused(Ops.delete("songs", "rich"))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION)
                .because(0);
        caller.execute(Ops.delete("notes", "n"), Ops.delete("songs", "rich"));
        caller.refused(
                        Ops.get("songs", "rich"),
                        Ops.get("artists", "nina"),
                        Ops.get("artists", "fan"),
                        Ops.get("albums", "baltimore"))
                .because(0, 1, 2, 3);
    }

    @Test
    void aRecordThatPointsAtItselfHoldsNobodyBack() throws Exception {
        caller.execute(
                Ops.pointing("tree", Ops.reference("parent", "tree", ON_DELETE_RESTRICT)),
                Ops.create("tree", "root", "{\"parent\":\"root\"}"),
                Ops.create("tree", "leaf", "{\"parent\":\"root\"}"));
        caller.refused(Ops.delete("tree", "root"))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION);
        caller.execute(Ops.delete("tree", "leaf"), Ops.delete("tree", "root"));
    }

    @Test
    void takeExactlyAsManyAsTheLimitAllows() throws Exception {
        caller.execute(songs(CASCADE_MAX - 2));
        caller.execute(Ops.delete("artists", "nina"));
        caller.refused(Ops.get("songs", "s0"));
    }

    @Test
    void refuseToTakeMore() throws Exception {
        caller.execute(songs(CASCADE_MAX - 1));
        caller.refused(Ops.delete("artists", "nina"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(0)
                .at("operations[0].delete_record.id");
        caller.execute(songs(CASCADE_MAX, CASCADE_MAX + 30));
        caller.refused(Ops.delete("artists", "nina"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(0);
    }

    private static Operation[] songs(int count) {
        return songs(0, count);
    }

    private static Operation[] songs(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Ops.create("songs", "s" + i, "{\"album\":\"baltimore\"}"))
                .toArray(Operation[]::new);
    }

    @Test
    void protectTheCollectionPointedAt() throws Exception {
        caller.refused(Ops.dropCollection("albums"))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION)
                .because(0)
                .at("operations[0].delete_collection.collection");
        caller.execute(
                Ops.dropCollection("notes"),
                Ops.collection("songs"),
                Ops.dropCollection("albums"),
                Ops.dropCollection("artists"));
    }

    @Test
    void checkTheLiveRecordsWhenTheyAreAdded() throws Exception {
        caller.execute(
                Ops.collection("late"),
                Ops.create("late", "good", "{\"song\":\"rich\"}"),
                Ops.create("late", "none", "{}"),
                Ops.create("late", "bad", "{\"song\":\"nothing\"}"),
                Ops.create("late", "worse", "{\"song\":7}"));
        Operation add = Ops.pointing("late", Ops.reference("song", "songs", ON_DELETE_RESTRICT));
        caller.refused(add)
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .because(0)
                .at("operations[0].upsert_collection.references");
        caller.execute(Ops.delete("late", "worse"), Ops.create("late", "too", "{\"song\":\"no\"}"));
        Refusal refusal = caller.refused(add);
        refusal.has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION).because(0);
        assertThat(refusal.error(0).getFieldViolationsList()).hasSize(2);
        assertThat(refusal.message()).contains("2 live records");
        caller.execute(Ops.delete("late", "bad"), Ops.delete("late", "too"), add);
        assertThat(caller.read("late", "good").getVersion()).isEqualTo(1);
        caller.refused(Ops.delete("songs", "rich"))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION);
        caller.execute(Ops.collection("late"), Ops.delete("songs", "rich"));
    }

    @Test
    void refuseFaultyDefinitions() throws Exception {
        CollectionReference good = Ops.reference("a", "artists", ON_DELETE_CASCADE);
        caller.refused(Ops.pointing("x", good, good, Ops.reference("", "", ON_DELETE_CASCADE)))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_SCHEMA)
                .at(
                        "operations[0].upsert_collection.references[1].field",
                        "operations[0].upsert_collection.references[2].field",
                        "operations[0].upsert_collection.references[2].collection");
        caller.refused(Ops.pointing("x", Ops.reference("a", "none", ON_DELETE_CASCADE)))
                .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        List<CollectionReference> many = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            many.add(Ops.reference("f" + i, "artists", ON_DELETE_RESTRICT));
        }
        caller.execute(Ops.pointing("x", many.toArray(CollectionReference[]::new)));
        many.add(good);
        caller.refused(Ops.pointing("x", many.toArray(CollectionReference[]::new)))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_SCHEMA)
                .at("operations[0].upsert_collection.references");
    }
}
