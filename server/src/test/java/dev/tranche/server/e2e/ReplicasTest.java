package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_ETAG_REQUIRED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_LOCKED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.DeleteWorkspaceRequest;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.Operation;
import dev.tranche.v1.WorkspaceStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two servers on one database: what one changes binds the next transaction of the other, however well
 * that one knew what was before.
 */
class ReplicasTest {
    private static final String NUMBERED =
            "{\"properties\":{\"n\":{\"type\":\"integer\"}},\"required\":[\"n\"]}";

    private static TestServer one;
    private static TestServer another;
    private Caller here;
    private Caller there;

    @BeforeAll
    static void start() throws Exception {
        one = TestServer.start();
        another = one.another();
    }

    @AfterAll
    static void stop() throws Exception {
        another.close();
        one.close();
    }

    @BeforeEach
    void enter() throws Exception {
        here = Caller.of(one);
        there = new Caller(another, here.workspace());
        here.execute(Ops.create("c", "a", "{\"n\":1}"));
        there.execute(Ops.create("c", "b", "{\"n\":2}"));
    }

    @Test
    void aSchemaBindsAndUnbinds() throws Exception {
        for (int round = 0; round < 20; round++) {
            here.execute(Ops.schema("c", NUMBERED));
            there.refused(Ops.create("c", "x", "{}"))
                    .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION);
            there.refused(Ops.update("c", "b", "{\"n\":null}"))
                    .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION);
            InsertReply reply = new Inserter(there, "c").insert(Inserter.row("{\"n\":\"\"}"));
            assertThat(reply.error(0).getReason()).isEqualTo(ERROR_REASON_SCHEMA_VIOLATION);
            here.execute(Ops.collection("c"));
            there.execute(Ops.create("c", "x", "{}"), Ops.delete("c", "x"));
        }
    }

    @Test
    void aUniqueConstraintBindsAlsoWhatTheOtherServerWroteBefore() throws Exception {
        here.execute(Ops.collection("c", Ops.unique("by_n", "n")));
        Refusal taken = there.refused(Ops.create("c", "x", "{\"n\":1}"));
        taken.has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
        assertThat(taken.error(0).getExistingRecordId()).isEqualTo("a");
        there.execute(Ops.upsertBy("c", "by_n", "{\"n\":2,\"new\":true}"));
        assertThat(here.read("c", "b").getVersion()).isEqualTo(2);
        here.execute(Ops.collection("c", Ops.unique("by_n", "m")));
        there.execute(Ops.create("c", "x", "{\"n\":1,\"m\":1}"), Ops.create("c", "y", "{\"n\":1}"));
        here.refused(Ops.create("c", "z", "{\"m\":1}"))
                .has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
    }

    @Test
    void aReferenceBinds() throws Exception {
        there.execute(Ops.collection("d"), Ops.create("d", "x", "{\"to\":\"a\"}"));
        here.execute(Ops.pointing("d", Ops.reference("to", "c", OnDelete.ON_DELETE_RESTRICT)));
        there.refused(Ops.delete("c", "a"))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION);
        there.refused(Ops.dropCollection("c"))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_REFERENCE_VIOLATION);
        here.execute(Ops.pointing("d", Ops.reference("to", "c", OnDelete.ON_DELETE_CASCADE)));
        there.execute(Ops.delete("c", "a"));
        here.refused(Ops.get("d", "x"));
    }

    @Test
    void aDemandForEtagsBinds() throws Exception {
        Operation.Builder strict = Ops.collection("c").toBuilder();
        strict.getUpsertCollectionBuilder().setIfMatchRequired(true);
        here.execute(strict.build());
        there.refused(Ops.update("c", "b", "{\"n\":3}"))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_ETAG_REQUIRED);
    }

    @Test
    void aCollectionThatIsGoneIsGoneAndAnotherOfItsNameIsAnother() throws Exception {
        here.execute(Ops.dropCollection("c"));
        there.refused(Ops.create("c", "x", "{}"))
                .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        here.execute(Ops.schema("c", NUMBERED));
        there.refused(Ops.get("c", "b"));
        there.refused(Ops.create("c", "b", "{}"))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_SCHEMA_VIOLATION);
        there.execute(Ops.create("c", "b", "{\"n\":1}"));
        assertThat(here.read("c", "b").getVersion()).isEqualTo(1);
    }

    @Test
    void aWorkspaceThatIsGoneIsGoneAndAnotherOfItsNameIsAnother() throws Exception {
        String name = here.workspace();
        one.workspaces()
                .deleteWorkspace(
                        DeleteWorkspaceRequest.newBuilder()
                                .setWorkspace(name)
                                .setForce(true)
                                .build());
        there.refused(Ops.get("c", "b")).has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
        one.workspaces()
                .createWorkspace(
                        CreateWorkspaceRequest.newBuilder()
                                .setName(name)
                                .setStage(WorkspaceStage.WORKSPACE_STAGE_PRODUCTION)
                                .build());
        there.refused(Ops.collection("c"))
                .has(Code.FAILED_PRECONDITION, ERROR_REASON_SCHEMA_LOCKED);
    }
}
