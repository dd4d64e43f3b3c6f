package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.v1.Collection;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.GetCollectionRequest;
import dev.tranche.v1.GetLimitsRequest;
import dev.tranche.v1.GetWorkspaceRequest;
import dev.tranche.v1.Limits;
import dev.tranche.v1.ListCollectionsRequest;
import dev.tranche.v1.ListCollectionsResponse;
import dev.tranche.v1.ListWorkspacesRequest;
import dev.tranche.v1.ListWorkspacesResponse;
import dev.tranche.v1.Operation;
import dev.tranche.v1.UpsertCollection;
import dev.tranche.v1.Workspace;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WorkspaceServiceTest {
    private final Served served = Served.inProcess();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void createsAWorkspace() {
        Workspace created = served.workspaces().createWorkspace(workspace("test-1"));
        Workspace found =
                served.workspaces()
                        .getWorkspace(
                                GetWorkspaceRequest.newBuilder().setWorkspace("test-1").build());

        assertThat(found).isEqualTo(created);
        assertThat(created.getCreatedBy()).isEqualTo("anonymous");
    }

    @Test
    void refusesANameThatIsTaken() {
        StatusRuntimeException failure =
                Failures.of(() -> served.workspaces().createWorkspace(workspace("default")));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.ALREADY_EXISTS);
        assertThat(Failures.reason(failure)).isEqualTo("WORKSPACE_ALREADY_EXISTS");
    }

    @Test
    void refusesANameThatIsNone() {
        for (String name : List.of("", "a b", "_a", "x".repeat(64))) {
            StatusRuntimeException failure =
                    Failures.of(() -> served.workspaces().createWorkspace(workspace(name)));
            assertThat(Failures.reason(failure)).isEqualTo("INVALID_REQUEST");
        }
    }

    @Test
    void listsWorkspacesPageByPage() {
        served.workspaces().createWorkspace(workspace("a"));
        served.workspaces().createWorkspace(workspace("z"));
        ListWorkspacesRequest first = ListWorkspacesRequest.newBuilder().setPageSize(2).build();

        ListWorkspacesResponse page = served.workspaces().listWorkspaces(first);
        ListWorkspacesResponse rest =
                served.workspaces()
                        .listWorkspaces(
                                first.toBuilder().setPageToken(page.getNextPageToken()).build());

        assertThat(page.getWorkspacesList())
                .extracting(Workspace::getName)
                .containsExactly("a", "default");
        assertThat(rest.getWorkspacesList()).extracting(Workspace::getName).containsExactly("z");
        assertThat(rest.getNextPageToken()).isEmpty();
    }

    @Test
    void showsADefinition() {
        String schema = "{ \"type\": \"object\" }";
        served.execute(
                Operation.newBuilder()
                        .setUpsertCollection(
                                UpsertCollection.newBuilder()
                                        .setCollection("Testing App")
                                        .setSchemaJson(schema))
                        .build());
        GetCollectionRequest.Builder request =
                GetCollectionRequest.newBuilder()
                        .setWorkspace("default")
                        .setCollection("Testing App");

        Collection asStruct = served.workspaces().getCollection(request.build());
        Collection asText =
                served.workspaces()
                        .getCollection(request.setDataFormat(DataFormat.DATA_FORMAT_JSON).build());

        assertThat(asStruct.getSchema().getFieldsOrThrow("type").getStringValue())
                .isEqualTo("object");
        assertThat(asText.getSchemaJson()).isEqualTo(schema);
        assertThat(asText.getVersion()).isEqualTo(1);
    }

    @Test
    void listsCollectionsPageByPage() {
        List<String> names = new ArrayList<>();
        for (int i = 10; i < 50; i++) {
            served.collection("c" + i, "field");
            names.add("c" + i);
        }
        List<String> listed = new ArrayList<>();
        String token = "";
        do {
            ListCollectionsResponse page =
                    served.workspaces()
                            .listCollections(
                                    ListCollectionsRequest.newBuilder()
                                            .setWorkspace("default")
                                            .setPageSize(20)
                                            .setPageToken(token)
                                            .build());
            assertThat(page.getCollectionsCount()).isEqualTo(20);
            page.getCollectionsList().forEach(one -> listed.add(one.getName()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(listed).isEqualTo(names);
    }

    @Test
    void tellsTheLimits() {
        Limits limits = served.batches().getLimits(GetLimitsRequest.getDefaultInstance());

        assertThat(limits.getOperationsMax()).isEqualTo(Served.OPERATIONS_MAX);
        assertThat(limits.getTransactionTimeMax().getSeconds()).isEqualTo(3);
        assertThat(limits.getDataDepthMax()).isEqualTo(30);
        assertThat(limits.getSchemaBytesMax()).isEqualTo(262_144);
        assertThat(limits.getBatchesEnabled()).isTrue();
        // No field is forgotten: every one has a value.
        assertThat(limits.getAllFields()).hasSameSizeAs(Limits.getDescriptor().getFields());
    }

    private static CreateWorkspaceRequest workspace(String name) {
        return CreateWorkspaceRequest.newBuilder().setName(name).build();
    }
}
