package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What looks wrong, and is not. */
class OddInputTest {
    private static final String TREE =
            "{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\"},"
                    + "\"c\":{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}}}";

    private static TestServer server;
    private Caller caller;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        caller = Caller.of(server);
    }

    @Test
    void idsDifferIfTheirBytesDo() throws Exception {
        String[] ids = {
            "a",
            "A",
            "a ",
            " a",
            "ä",
            "a\u0308",
            "👩‍🚀",
            "👩🏽‍🚀",
            "x".repeat(128),
            "🙂".repeat(32),
            "%_\\'\"`;--"
        };
        caller.execute(
                Arrays.stream(ids)
                        .map(id -> Ops.create("c", id, "{\"n\":" + id.length() + "}"))
                        .toArray(Operation[]::new));
        for (String id : ids) {
            assertThat(caller.read("c", id).getId()).isEqualTo(id);
            assertThat(caller.data("c", id)).isEqualTo("{\"n\":" + id.length() + "}");
        }
        caller.execute(
                Ops.link("t", "c", "a", "a "),
                Ops.link("t", "c", "a", "A"),
                Ops.link("t", "c", "👩‍🚀", "🙂".repeat(32)));
        caller.execute(Ops.delete("c", "a"));
        assertThat(caller.data("c", "A")).isEqualTo("{\"n\":1}");
    }

    @Test
    void namesOfCollectionsMayHaveSpacesAndEmoji() throws Exception {
        for (String name :
                new String[] {"Testing App", "testing app", "🛫 airports", "x".repeat(128)}) {
            caller.execute(Ops.collection(name), Ops.create(name, "a", "{}"));
            assertThat(caller.data(name, "a")).isEqualTo("{}");
        }
    }

    @Test
    void namesOfCollectionsDifferIfTheirBytesDo() throws Exception {
        List<String> names =
                List.of(
                        "name",
                        "name ",
                        " name",
                        " ",
                        "   ",
                        "\u00a0",
                        "caf\u00e9",
                        "cafe\u0301",
                        "🙂".repeat(32),
                        "é".repeat(64),
                        "👩‍🚀",
                        "👩🚀",
                        "${ops[0].id}",
                        "%_\\'\"`;--/?#[]",
                        "نام\u200cها");
        for (String name : names) {
            caller.execute(
                    Ops.collection(name),
                    Ops.create(name, "a", "{\"n\":" + names.indexOf(name) + "}"));
        }
        for (String name : names) {
            assertThat(caller.data(name, "a")).isEqualTo("{\"n\":" + names.indexOf(name) + "}");
        }
        for (String name : names) {
            caller.execute(Ops.dropCollection(name));
            caller.refused(Ops.get(name, "a"))
                    .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        }
    }

    @Test
    void aTreeMayHaveASchemaThatRefersToItself() throws Exception {
        caller.execute(Ops.schema("trees", TREE));
        String deepest = tree("1", 15);
        caller.execute(Ops.create("trees", "a", deepest), Ops.create("trees", "b", tree("1", 1)));
        assertThat(caller.data("trees", "a")).isEqualTo(deepest);
        caller.refused(Ops.create("trees", "x", tree("\"1\"", 15)))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION)
                .because(0)
                .at("operations[0].create_record.data" + "/c/0".repeat(14) + "/n");
        Refusal tooDeep = caller.refused(Ops.create("trees", "x", tree("1", 16)));
        tooDeep.has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].create_record.data_json");
        assertThat(tooDeep.message()).contains("30");
    }

    @Test
    void aUniqueConstraintMayHaveEightFieldsInDepth() throws Exception {
        String[] fields = {"a", "b", "c", "d", "e", "f.g", "f.h.i", "f.h.j"};
        String most =
                "{\"a\":1,\"b\":true,\"c\":\"\",\"d\":1.5,\"e\":-0,\"f\":{\"g\":\"x\",\"h\":{\"i\":2,";
        caller.execute(
                Ops.collection("u", Ops.unique("all", fields)),
                Ops.create("u", "a", most + "\"j\":3}}}"),
                Ops.create("u", "b", most + "\"j\":4}}}"),
                Ops.create("u", "c", most + "\"k\":3}}}"),
                Ops.create("u", "d", most + "\"k\":3}}}"));
        Refusal taken = caller.refused(Ops.update("u", "b", "{\"f\":{\"h\":{\"j\":3.0}}}"));
        taken.has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION).because(0);
        assertThat(taken.error(0).getExistingRecordId()).isEqualTo("a");
        assertThat(taken.error(0).getConstraint()).isEqualTo("all");
    }

    /** A tree of so many levels, two levels of JSON each. */
    private static String tree(String leaf, int levels) {
        String open = "{\"n\":1,\"c\":[";
        return open.repeat(levels - 1) + "{\"n\":" + leaf + ",\"c\":[]}" + "]}".repeat(levels - 1);
    }

    @Test
    void textLikeAReferenceStaysTextUnlessTheCallerSaysOtherwise() throws Exception {
        String data =
                "{\"a\":\"${ops[0].id}\",\"b\":\"$${x.id}\",\"c\":\"${ops[99].id}\",\"d\":\"${\"}";
        caller.execute(Ops.create("c", "a", data));
        assertThat(caller.data("c", "a")).isEqualTo(data);
    }

    @Test
    void oneIdIsCreatedDeletedAndCreatedInOneBatch() throws Exception {
        ExecuteBatchResponse reply =
                caller.execute(
                        Ops.create("c", "a", "{\"n\":1}"),
                        Ops.delete("c", "a"),
                        Ops.create("c", "a", "{\"n\":2}"));
        assertThat(reply.getResultsList())
                .extracting(OperationResult::getVersion)
                .containsExactly(1L, 2L, 3L);
        assertThat(caller.data("c", "a")).isEqualTo("{\"n\":2}");
        assertThat(caller.read("c", "a").getEtag()).isEqualTo(reply.getResults(2).getEtag());
    }

    @Test
    void aUniqueValueChangesHandsInOneBatch() throws Exception {
        caller.execute(
                Ops.collection("u", Ops.unique("by_n", "n")), Ops.create("u", "a", "{\"n\":1}"));
        caller.execute(Ops.delete("u", "a"), Ops.create("u", "b", "{\"n\":1}"));
        assertThat(caller.data("u", "b")).isEqualTo("{\"n\":1}");
        caller.execute(Ops.create("u", "c", "{\"n\":2}"));
        caller.execute(
                Ops.update("u", "b", "{\"n\":3}"),
                Ops.update("u", "c", "{\"n\":1}"),
                Ops.update("u", "b", "{\"n\":2}"));
        assertThat(caller.data("u", "b")).isEqualTo("{\"n\":2}");
        assertThat(caller.data("u", "c")).isEqualTo("{\"n\":1}");
    }

    @Test
    void recordsWithoutAValueAreNotHeldToAUniqueConstraint() throws Exception {
        caller.execute(
                Ops.collection("u", Ops.unique("by_n", "n", "o.p")),
                Ops.create("u", "a", "{\"n\":1}"),
                Ops.create("u", "b", "{\"n\":1,\"o\":{\"p\":null}}"),
                Ops.create("u", "c", "{\"n\":1,\"o\":{\"p\":\"1\"}}"),
                Ops.create("u", "d", "{\"n\":\"1\",\"o\":{\"p\":\"1\"}}"));
    }

    @Test
    void takesExactlyAHundredOperations() throws Exception {
        Operation[] operations = new Operation[100];
        for (int i = 0; i < operations.length; i++) {
            operations[i] = Ops.create("c", "r" + i, "{}");
        }
        assertThat(caller.execute(operations).getResultsCount()).isEqualTo(100);
    }

    @Test
    void takesExactlyThirtyLevels() throws Exception {
        String objects = "{\"a\":".repeat(30).replaceAll(":$", ":1") + "}".repeat(30);
        String lists = "{\"a\":" + "[".repeat(29) + "]".repeat(29) + "}";
        caller.execute(Ops.create("c", "objects", objects), Ops.create("c", "lists", lists));
        assertThat(caller.data("c", "objects")).isEqualTo(objects);
        assertThat(caller.data("c", "lists")).isEqualTo(lists);
        ExecuteBatchResponse reply =
                Bytes.executeBatch(server, Bytes.withStruct(caller.request().build(), "c", 30));
        assertThat(caller.data("c", reply.getResults(0).getRecordId()))
                .isEqualTo("{\"a\":".repeat(29) + "{}" + "}".repeat(29));
    }

    @Test
    void keepsJsonTextByteForByte() throws Exception {
        String data =
                "{ \"big\" : 123456789012345678901234567890 ,\n \"exact\":1.10,\"u\":\"\\u00e9\\ud83d\\ude42\","
                        + "\"z\":1e2,\"\":\"\"}";
        caller.execute(Ops.create("c", "a", data));
        assertThat(caller.data("c", "a")).isEqualTo(data);
    }

    @Test
    void neverRoundsANumber() throws Exception {
        caller.execute(Ops.create("c", "a", "{\"n\":9007199254740993}"));
        ExecuteBatchResponse reply = caller.execute(Ops.get("c", "a"));
        assertThat(reply.getResults(0).getRecord().hasData()).isFalse();
        assertThat(reply.getResults(0).getRecord().getDataJson())
                .isEqualTo("{\"n\":9007199254740993}");
    }

    @Test
    void aRelationshipMayLeadToItsSource() throws Exception {
        int before = Contents.of(server).count("relationship");
        caller.execute(Ops.create("c", "a", "{}"), Ops.link("self", "c", "a", "a"));
        assertThat(Contents.of(server).count("relationship")).isEqualTo(before + 1);
        caller.execute(Ops.delete("c", "a"));
        assertThat(Contents.of(server).count("relationship")).isEqualTo(before);
    }
}
