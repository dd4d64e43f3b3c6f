package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNRESOLVED_REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.ExecuteBatchResponse;
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
