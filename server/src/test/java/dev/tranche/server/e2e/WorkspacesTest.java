package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_ALREADY_EXISTS;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Collection;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.GetCollectionRequest;
import dev.tranche.v1.GetWorkspaceRequest;
import dev.tranche.v1.ListCollectionsRequest;
import dev.tranche.v1.ListCollectionsResponse;
import dev.tranche.v1.ListWorkspacesRequest;
import dev.tranche.v1.ListWorkspacesResponse;
import dev.tranche.v1.Workspace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workspaces, and the collections that are in them. */
class WorkspacesTest {
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
    void aFreshDatabaseHasOneByDefault() throws Exception {
        assertThat(workspace("default").getName()).isEqualTo("default");
    }

    @Test
    void createsAWorkspaceOnce() throws Exception {
        String longest = "x".repeat(63);
        Workspace created = create(longest);
        assertThat(created.getName()).isEqualTo(longest);
        assertThat(created.getCreatedBy()).isEqualTo("anonymous");
        assertThat(created.hasCreateTime()).isTrue();
        assertThat(workspace(longest)).isEqualTo(created);
        caller.refused(() -> create(longest))
                .has(Code.ALREADY_EXISTS, ERROR_REASON_WORKSPACE_ALREADY_EXISTS);
    }

    @Test
    void namesDifferByCase() throws Exception {
        create("Case");
        create("case");
        assertThat(workspace("Case").getName()).isEqualTo("Case");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a b", "ä", "a/b", "64 characters"})
    void refusesANameThatIsNone(String name) throws Exception {
        String given = name.startsWith("64") ? "x".repeat(64) : name;
        caller.refused(() -> create(given))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("name");
    }

    @Test
    void refusesAWorkspaceThatIsNotThere() throws Exception {
        caller.refused(() -> workspace("nowhere"))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
        caller.refused(() -> workspace(""))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("workspace");
        caller.refused(() ->
                        server.workspaces()
                                .listCollections(collections().setWorkspace("nowhere").build()))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
    }

    @Test
    void listsWorkspacesPageByPage() throws Exception {
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            ListWorkspacesResponse page =
                    server.workspaces()
                            .listWorkspaces(
                                    ListWorkspacesRequest.newBuilder()
                                            .setPageSize(1)
                                            .setPageToken(token)
                                            .build());
            assertThat(page.getWorkspacesCount()).isOne();
            names.add(page.getWorkspaces(0).getName());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(names)
                .contains("default", caller.workspace())
                .isSortedAccordingTo(Comparator.naturalOrder())
                .doesNotHaveDuplicates();
    }

    @Test
    void showsTheDefinitionOfACollection() throws Exception {
        String schema = "{ \"type\":\"object\", \"maxProperties\":9007199254740993 }";
        caller.execute(
                Ops.schema("d", schema, Ops.unique("by_b", "b", "a.c"), Ops.unique("by_a", "a")));
        Collection text = collection("d", DataFormat.DATA_FORMAT_JSON);
        assertThat(text.getName()).isEqualTo("d");
        assertThat(text.getSchemaJson()).isEqualTo(schema);
        assertThat(text.getUniqueConstraintsList())
                .containsExactly(Ops.unique("by_b", "b", "a.c"), Ops.unique("by_a", "a"));
        assertThat(text.getVersion()).isEqualTo(1);
        assertThat(text.getCreatedBy()).isEqualTo("anonymous");
        assertThat(text.getUpdateTime()).isEqualTo(text.getCreateTime());
        caller.execute(Ops.schema("d", "{\"type\":\"object\"}"));
        Collection struct = collection("d", DataFormat.DATA_FORMAT_UNSPECIFIED);
        assertThat(struct.getSchema().getFieldsMap().get("type").getStringValue())
                .isEqualTo("object");
        assertThat(struct.getUniqueConstraintsCount()).isZero();
        assertThat(struct.getVersion()).isEqualTo(2);
        Collection without = collection("c", DataFormat.DATA_FORMAT_UNSPECIFIED);
        assertThat(without.getDefinitionCase())
                .isEqualTo(Collection.DefinitionCase.DEFINITION_NOT_SET);
    }

    @Test
    void refusesACollectionThatIsNotThere() throws Exception {
        caller.execute(Ops.dropCollection("c"));
        caller.refused(() -> collection("c", DataFormat.DATA_FORMAT_JSON))
                .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        caller.refused(() -> collection("", DataFormat.DATA_FORMAT_JSON))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("collection");
    }

    @Test
    void aCollectionOfTheNameOfADeletedOneIsAnotherOne() throws Exception {
        caller.execute(Ops.create("c", "a", "{}"));
        String etag = caller.read("c", "a").getEtag();
        caller.execute(Ops.dropCollection("c"), Ops.collection("c"), Ops.create("c", "a", "{}"));
        assertThat(caller.read("c", "a").getVersion()).isEqualTo(1);
        assertThat(caller.read("c", "a").getEtag()).isNotEqualTo(etag);
    }

    @Test
    void listsCollectionsPageByPageInTheOrderOfBytes() throws Exception {
        caller.execute(
                Ops.collection("b"),
                Ops.collection("B"),
                Ops.collection("🙂"),
                Ops.collection("gone"),
                Ops.dropCollection("gone"));
        List<String> names = new ArrayList<>();
        String token = "";
        do {
            ListCollectionsResponse page =
                    server.workspaces()
                            .listCollections(
                                    collections().setPageSize(3).setPageToken(token).build());
            page.getCollectionsList().forEach(one -> names.add(one.getName()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        assertThat(names).containsExactly("B", "b", "c", "🙂");
    }

    @Test
    void refusesAPageThatIsNone() throws Exception {
        caller.refused(() ->
                        server.workspaces()
                                .listCollections(collections().setPageToken("forged").build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("page_token");
        caller.refused(() ->
                        server.workspaces()
                                .listWorkspaces(
                                        ListWorkspacesRequest.newBuilder()
                                                .setPageToken("forged")
                                                .build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("page_token");
        caller.refused(() ->
                        server.workspaces().listCollections(collections().setPageSize(-1).build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("page_size");
    }

    private static Workspace create(String name) throws Exception {
        return server.workspaces()
                .createWorkspace(CreateWorkspaceRequest.newBuilder().setName(name).build());
    }

    private static Workspace workspace(String name) throws Exception {
        return server.workspaces()
                .getWorkspace(GetWorkspaceRequest.newBuilder().setWorkspace(name).build());
    }

    private Collection collection(String name, DataFormat format) throws Exception {
        return server.workspaces()
                .getCollection(
                        GetCollectionRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setCollection(name)
                                .setDataFormat(format)
                                .build());
    }

    private ListCollectionsRequest.Builder collections() {
        return ListCollectionsRequest.newBuilder().setWorkspace(caller.workspace());
    }
}
