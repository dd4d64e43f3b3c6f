package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_LOCKED;
import static dev.tranche.v1.WorkspaceStage.WORKSPACE_STAGE_PREVIEW;
import static dev.tranche.v1.WorkspaceStage.WORKSPACE_STAGE_PRODUCTION;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetWorkspaceRequest;
import dev.tranche.v1.ItemError;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.Workspace;
import dev.tranche.v1.WorkspaceStage;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Stages of workspaces, and what operations may do in them. */
class WorkspaceStagesTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void aWorkspaceStaysInTheStageItWasCreatedIn() throws Exception {
        assertThat(workspace("default").getStage()).isEqualTo(WORKSPACE_STAGE_PREVIEW);
        assertThat(created(WorkspaceStage.WORKSPACE_STAGE_UNSPECIFIED).getStage())
                .isEqualTo(WORKSPACE_STAGE_PREVIEW);
        assertThat(created(WORKSPACE_STAGE_PREVIEW).getStage()).isEqualTo(WORKSPACE_STAGE_PREVIEW);
        Workspace production = created(WORKSPACE_STAGE_PRODUCTION);
        assertThat(production.getStage()).isEqualTo(WORKSPACE_STAGE_PRODUCTION);
        assertThat(workspace(production.getName())).isEqualTo(production);
    }

    @Test
    void refusesAStageThatIsNone() throws Exception {
        CreateWorkspaceRequest request =
                CreateWorkspaceRequest.newBuilder().setName("x").setStageValue(9).build();
        Caller.of(server)
                .refused(() -> server.workspaces().createWorkspace(request))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("stage");
    }

    @Test
    void refusesOperationsOnCollectionsInProduction() throws Exception {
        Caller caller = production();
        Refusal refusal =
                caller.refused(
                                Ops.collection("c"),
                                Ops.dropCollection("c"),
                                Ops.schema("c", "{\"type\":\"objekt\"}"))
                        .has(Code.FAILED_PRECONDITION, ERROR_REASON_SCHEMA_LOCKED)
                        .because(0, 1, 2);
        assertThat(refusal.message()).contains("PromoteCollections");
        for (int i = 0; i < 3; i++) {
            ItemError error = refusal.error(i);
            assertThat(error.getReason()).isEqualTo(ERROR_REASON_SCHEMA_LOCKED);
            assertThat(error.getCode()).isEqualTo(Code.FAILED_PRECONDITION);
            assertThat(error.getRetryable()).isFalse();
        }
    }

    @Test
    void anOperationOnACollectionInProductionFailsAlone() throws Exception {
        Caller caller = production();
        ExecuteBatchResponse reply =
                caller.executeAndContinue(Ops.collection("c"), Ops.create("c", "a", "{}"));
        OperationResult locked = reply.getResults(0);
        assertThat(locked.getOutcome()).isEqualTo(Outcome.OUTCOME_FAILED);
        assertThat(locked.getError().getReason()).isEqualTo(ERROR_REASON_SCHEMA_LOCKED);
        assertThat(reply.getResults(1).getError().getEarlierIndex()).isZero();
    }

    private static Caller production() throws Exception {
        return new Caller(server, created(WORKSPACE_STAGE_PRODUCTION).getName());
    }

    private static Workspace created(WorkspaceStage stage) throws Exception {
        return server.workspaces()
                .createWorkspace(
                        CreateWorkspaceRequest.newBuilder()
                                .setName("w-" + UUID.randomUUID())
                                .setStage(stage)
                                .build());
    }

    private static Workspace workspace(String name) throws Exception {
        return server.workspaces()
                .getWorkspace(GetWorkspaceRequest.newBuilder().setWorkspace(name).build());
    }
}
