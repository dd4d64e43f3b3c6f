package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_DEPENDENCY_FAILED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_ETAG_MISMATCH;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNRESOLVED_REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** References from one operation to another. */
class ReferencesTest {
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
    void standForTheIdsOfEarlierOperations() throws Exception {
        ExecuteBatchResponse reply =
                caller.execute(
                        Ops.named("post", Ops.create("c", "", "{\"title\":\"t\"}")),
                        Ops.referring(
                                Ops.create(
                                        "c",
                                        "tag",
                                        "{\"post\":\"${post.id}\",\"list\":[\"${ops[0].id}\"],"
                                                + "\"text\":\"$${post.id}\",\"near\":\"a ${post.id}\"}")),
                        Ops.link("tags", "c", "${ops[1].id}", "${post.id}"),
                        Ops.update("c", "${post.id}", "{\"tags\":1}"),
                        Ops.get("c", "${ops[3].id}"),
                        Ops.unlink("tags", "c", "tag", "${ops[4].id}"),
                        Ops.delete("c", "${ops[1].id}"));
        String id = reply.getResults(0).getRecordId();
        assertThat(reply.getResults(3).getRecordId()).isEqualTo(id);
        assertThat(caller.data("c", id)).isEqualTo("{\"title\":\"t\",\"tags\":1}");
        caller.refused(Ops.get("c", "tag"));
    }

    @Test
    void areReplacedInDataWhereTheCallerSaysSo() throws Exception {
        caller.execute(
                Ops.named("post", Ops.create("c", "p \"1\"", "{}")),
                Ops.referring(
                        Ops.upsert(
                                "c",
                                "tag",
                                "{\"a\":\"${post.id}\",\"b\":[\"${ops[0].id}\"],"
                                        + "\"c\":\"$${post.id}\",\"d\":\"a ${post.id}\"}")));
        assertThat(caller.data("c", "tag"))
                .isEqualTo(
                        "{\"a\":\"p \\\"1\\\"\",\"b\":[\"p \\\"1\\\"\"],"
                                + "\"c\":\"${post.id}\",\"d\":\"a ${post.id}\"}");
    }

    @Test
    void standForEverythingAnOperationResultedIn() throws Exception {
        String values = "{\"o\":{\"l\":[1,{\"x\":\"y\"}],\"n\":null},\"big\":12345678901234567890}";
        ExecuteBatchResponse reply =
                caller.execute(
                        Ops.named("a", Ops.create("c", "a", values)),
                        Ops.named("got", Ops.get("c", "a")),
                        Ops.named("l", Ops.referring(Ops.link("t", "c", "a", "${got.id}"))),
                        Ops.referring(
                                Ops.create(
                                        "c",
                                        "b",
                                        "{\"v\":\"${a.version}\",\"e\":\"${ops[1].etag}\","
                                                + "\"o\":\"${got.data.o}\",\"x\":\"${a.data.o.l.1.x}\","
                                                + "\"n\":[\"${a.data.o.n}\"],\"big\":\"${a.data.big}\","
                                                + "\"lv\":\"${l.version}\"}")));
        assertThat(caller.data("c", "b"))
                .isEqualTo(
                        "{\"v\":1,\"e\":\""
                                + reply.getResults(0).getEtag()
                                + "\",\"o\":{\"l\":[1,{\"x\":\"y\"}],\"n\":null},\"x\":\"y\","
                                + "\"n\":[null],\"big\":12345678901234567890,\"lv\":1}");
    }

    @Test
    void stillStandForWhatTheOperationLeftWhenALaterOneChangedIt() throws Exception {
        caller.execute(
                Ops.named("one", Ops.create("c", "a", "{\"n\":1}")),
                Ops.named("two", Ops.update("c", "a", "{\"n\":2}")),
                Ops.referring(
                        Ops.update("c", "a", "{\"n\":[\"${one.data.n}\",\"${two.data.n}\"]}")));
        assertThat(caller.data("c", "a")).isEqualTo("{\"n\":[1,2]}");
    }

    @Test
    void followEachOtherAsFarAsRecordsMayBeReadInRounds() throws Exception {
        caller.execute(Ops.collection("n", Ops.unique("by_name", "name")));
        for (int i = 0; i <= 17; i++) {
            caller.execute(Ops.create("n", "id" + (7 * i % 18), link(i, i + 1)));
        }
        ExecuteBatchResponse reply = caller.execute(chain(16));
        assertThat(reply.getResults(15).getRecordId()).isEqualTo("id" + (7 * 15 % 18));
        caller.refused(chain(17)).has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED);
    }

    /** Each finds its record by a value that the record before it holds. */
    private static Operation[] chain(int length) {
        List<Operation> chain = new ArrayList<>();
        chain.add(Ops.upsertBy("n", "by_name", link(0, 1)));
        for (int i = 1; i < length; i++) {
            String data =
                    "{\"name\":\"${ops[" + (i - 1) + "].data.next}\",\"next\":\"" + (i + 1) + "\"}";
            chain.add(Ops.referring(Ops.upsertBy("n", "by_name", data)));
        }
        return chain.toArray(Operation[]::new);
    }

    private static String link(int name, int next) {
        return "{\"name\":\"" + name + "\",\"next\":\"" + next + "\"}";
    }

    @Test
    void cannotBuildEnormousValues() throws Exception {
        String half = "x".repeat(600_000);
        caller.refused(
                        Ops.named("a", Ops.create("c", "a", "{\"x\":\"" + half + "\"}")),
                        Ops.referring(
                                Ops.create("c", "b", "{\"l\":[\"${a.data.x}\",\"${a.data.x}\"]}")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(1)
                .at("operations[1].create_record.data/l/1");
        List<Operation> many = new ArrayList<>();
        many.add(Ops.named("a", Ops.create("c", "a", "{\"x\":\"" + half + "\"}")));
        for (int i = 1; i < 100; i++) {
            many.add(Ops.update("c", "a", "{\"n\":" + i + "}"));
        }
        assertThat(caller.execute(many.toArray(Operation[]::new)).getResults(99).getVersion())
                .isEqualTo(100);
        caller.execute(Ops.delete("c", "a"));
        String most = "x".repeat(1_000_000);
        many.set(0, Ops.create("c", "a", "{\"x\":\"" + most + "\"}"));
        caller.refused(many.toArray(Operation[]::new))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED);
    }

    @Test
    void cannotDoubleAValueUntilItIsEnormous() throws Exception {
        List<Operation> chain = new ArrayList<>();
        chain.add(Ops.create("c", "r0", "{\"v\":\"" + "x".repeat(60_000) + "\"}"));
        for (int i = 1; i < 8; i++) {
            String twice = "[\"${ops[%1$d].data.v}\",\"${ops[%1$d].data.v}\"]".formatted(i - 1);
            chain.add(Ops.referring(Ops.create("c", "r" + i, "{\"v\":" + twice + "}")));
        }
        Refusal refusal = caller.refused(chain.toArray(Operation[]::new));
        refusal.has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(5, 6, 7)
                .at("operations[5].create_record.data/v/1");
        assertThat(refusal.error(6).getReason()).isEqualTo(ERROR_REASON_DEPENDENCY_FAILED);
        assertThat(refusal.error(6).getEarlierIndex()).isEqualTo(5);
    }

    @Test
    void standForTheEtagThatAnOperationAsksFor() throws Exception {
        caller.execute(
                Ops.named("a", Ops.create("c", "a", "{\"n\":1}")),
                Ops.named("b", Ops.ifMatch(Ops.update("c", "${a.id}", "{\"n\":2}"), "${a.etag}")),
                Ops.named("c", Ops.ifMatch(Ops.upsert("c", "${b.id}", "{\"n\":3}"), "${b.etag}")),
                Ops.named("d", Ops.ifMatch(Ops.get("c", "${c.id}"), "${ops[2].etag}")),
                Ops.ifMatch(Ops.delete("c", "${d.id}"), "${d.etag}"));
        caller.refused(
                        Ops.named("a", Ops.create("c", "b", "{\"n\":1}")),
                        Ops.update("c", "b", "{\"n\":2}"),
                        Ops.ifMatch(Ops.delete("c", "b"), "${a.etag}"))
                .has(Code.ABORTED, ERROR_REASON_ETAG_MISMATCH)
                .because(2)
                .at("operations[2].delete_record.if_match");
    }

    @Test
    void cannotNestDeeperThanDataMay() throws Exception {
        String deep = "[".repeat(28) + "]".repeat(28);
        caller.execute(
                Ops.named("a", Ops.create("c", "a", "{\"d\":" + deep + "}")),
                Ops.referring(Ops.create("c", "b", "{\"d\":[\"${a.data.d}\"]}")));
        caller.refused(
                        Ops.named("a", Ops.get("c", "a")),
                        Ops.referring(Ops.create("c", "e", "{\"d\":[[\"${a.data.d}\"]]}")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                .because(1)
                .at("operations[1].create_record.data/d/0/0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${ops[1].id}",
                "${ops[2].id}",
                "${later.id}",
                "${self.id}",
                "${ops[3].id}",
                "${ops[99999999999999999999].id}",
                "${nobody.id}",
                "${ops[0].name}",
                "${ops[0].data}",
                "${ops[0].data.missing}",
                "${ops[0].data.}",
                "${}"
            })
    void refusesWhatIsNoEarlierOperation(String reference) throws Exception {
        caller.refused(
                        Ops.named("first", Ops.create("c", "a", "{}")),
                        Ops.named("self", Ops.create("c", reference, "{}")),
                        Ops.named("later", Ops.create("c", "b", "{}")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_UNRESOLVED_REFERENCE)
                .because(1)
                .at("operations[1].create_record.id");
        caller.refused(
                        Ops.named("first", Ops.create("c", "a", "{}")),
                        Ops.named(
                                "self",
                                Ops.referring(
                                        Ops.create(
                                                "c", "x", "{\"a/b\":[0,\"" + reference + "\"]}"))),
                        Ops.named("later", Ops.create("c", "b", "{}")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_UNRESOLVED_REFERENCE)
                .because(1)
                .at("operations[1].create_record.data/a~1b/1");
        caller.refused(
                        Ops.named("first", Ops.create("c", "a", "{}")),
                        Ops.named("self", Ops.link("t", "c", "a", reference)),
                        Ops.named("later", Ops.create("c", "b", "{}")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_UNRESOLVED_REFERENCE)
                .because(1)
                .at("operations[1].upsert_relationship.target.id");
    }

    @Test
    void refusesAReferenceToWhatIsNoRecord() throws Exception {
        caller.refused(Ops.collection("d"), Ops.get("c", "${ops[0].id}"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_UNRESOLVED_REFERENCE)
                .because(1);
    }

    @Test
    void refusesOneAliasForTwoOperations() throws Exception {
        caller.refused(
                        Ops.named("x", Ops.create("c", "a", "{}")),
                        Ops.create("c", "b", "{}"),
                        Ops.named("x", Ops.create("c", "d", "{}")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[2].alias");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Post", "1st", "a-b", "a.b", "ünï", "a ", "_a"})
    void refusesAnAliasThatIsNone(String alias) throws Exception {
        caller.refused(Ops.named(alias, Ops.create("c", "a", "{}")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].alias");
    }

    @Test
    void anAliasHasAtMost64Characters() throws Exception {
        caller.execute(Ops.named("a".repeat(64), Ops.create("c", "a", "{}")));
        caller.refused(Ops.named("a".repeat(65), Ops.create("c", "b", "{}")))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("operations[0].alias");
    }
}
