package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_DEPENDENCY_FAILED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_REFERENCE_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RESPONSE_TOO_LARGE;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_SCHEMA_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.Collection;
import dev.tranche.v1.CollectionPromotion;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.GetCollectionRequest;
import dev.tranche.v1.ItemError;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.Operation;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.PromoteCollectionsRequest;
import dev.tranche.v1.PromoteCollectionsResponse;
import dev.tranche.v1.WorkspaceStage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Definitions that go from one workspace to another. */
class PromotionTest {
    private static final String TITLED = "{\"required\":[\"title\"]}";

    private static TestServer server;

    /** Where definitions come from; it has a collection {@code c}. */
    private Caller preview;

    /** Where they go to; nothing is in it. */
    private Caller production;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("--operations-max=10", "--load-bytes-max=1048576");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        preview = Caller.of(server);
        production = new Caller(server, "p-" + UUID.randomUUID());
        server.workspaces()
                .createWorkspace(
                        CreateWorkspaceRequest.newBuilder()
                                .setName(production.workspace())
                                .setStage(WorkspaceStage.WORKSPACE_STAGE_PRODUCTION)
                                .build());
    }

    @Test
    void givesProductionTheDefinitionsOfThePreview() throws Exception {
        preview.execute(
                Ops.schema("posts", TITLED, Ops.unique("by_title", "title")),
                Ops.pointing("tags", Ops.reference("post", "posts", OnDelete.ON_DELETE_CASCADE)),
                Ops.create("posts", "stays", "{\"title\":\"here\"}"));
        assertThat(outcomes(promote()))
                .containsExactly("c INSERTED", "posts INSERTED", "tags INSERTED");
        for (String name : List.of("c", "posts", "tags")) {
            assertThat(definition(production, name)).isEqualTo(definition(preview, name));
        }
        production.refused(Ops.get("posts", "stays"));
        production.execute(
                Ops.create("posts", "a", "{\"title\":\"x\"}"),
                Ops.create("tags", "t", "{\"post\":\"a\"}"));
        production
                .refused(Ops.create("posts", "b", "{\"title\":\"x\"}"))
                .has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION);
        assertThat(outcomes(promote()))
                .containsExactly("c UNCHANGED", "posts UNCHANGED", "tags UNCHANGED");
        preview.execute(Ops.schema("posts", TITLED));
        assertThat(outcomes(promote()))
                .containsExactly("c UNCHANGED", "posts UPDATED", "tags UNCHANGED");
        assertThat(collection(production, "posts").getVersion()).isEqualTo(2);
        assertThat(production.data("posts", "a")).isEqualTo("{\"title\":\"x\"}");
    }

    @Test
    void promotesOnlyWhatIsNamedInTheOrderOfTheRequest() throws Exception {
        preview.execute(Ops.collection("a"), Ops.collection("b"), Ops.collection("z"));
        assertThat(outcomes(promote("z", "a"))).containsExactly("z INSERTED", "a INSERTED");
        production.refused(Ops.create("b", "x", "{}"));
        assertThat(outcomes(promote("b"))).containsExactly("b INSERTED");
    }

    @Test
    void leavesOtherCollectionsOfTheTargetAlone() throws Exception {
        promote();
        preview.execute(Ops.dropCollection("c"), Ops.collection("d"));
        assertThat(outcomes(promote())).containsExactly("d INSERTED");
        assertThat(collection(production, "c").getVersion()).isEqualTo(1);
    }

    @Test
    void goesFromAnyWorkspaceToAnyOther() throws Exception {
        Caller other = Caller.of(server);
        preview.execute(Ops.schema("c", TITLED), Ops.collection("d"));
        assertThat(outcomes(promote(request(preview, other))))
                .containsExactly("c UPDATED", "d INSERTED");
        promote();
        assertThat(outcomes(promote(request(production, other))))
                .containsExactly("c UNCHANGED", "d UNCHANGED");
    }

    @Test
    void promotesWhatIsReferredToFirstAndCirclesToo() throws Exception {
        for (String name : List.of("a", "b", "x", "y", "z")) {
            preview.execute(Ops.collection(name));
        }
        preview.execute(
                pointing("a", "b"),
                pointing("b", "a"),
                pointing("c", "x"),
                pointing("x", "y"),
                pointing("y", "z", "x"),
                pointing("z", "x", "z"));
        assertThat(outcomes(promote()))
                .containsExactly(
                        "a INSERTED",
                        "b INSERTED",
                        "c INSERTED",
                        "x INSERTED",
                        "y INSERTED",
                        "z INSERTED");
        for (String name : List.of("a", "b", "c", "x", "y", "z")) {
            assertThat(definition(production, name)).isEqualTo(definition(preview, name));
        }
        assertThat(outcomes(promote())).allMatch(one -> one.endsWith(" UNCHANGED"));
    }

    @Test
    void showsTheDifferenceAndWritesNothing() throws Exception {
        promote();
        preview.execute(Ops.schema("c", TITLED), Ops.collection("d"), Ops.collection("e"));
        promote("e");
        Contents before = Contents.ofAllTables(server);
        PromoteCollectionsResponse difference =
                promote(request(preview, production).setValidateOnly(true));
        assertThat(Contents.ofAllTables(server)).isEqualTo(before);
        assertThat(outcomes(difference)).containsExactly("c UPDATED", "d INSERTED", "e UNCHANGED");
        CollectionPromotion changed = difference.getPromotions(0);
        assertThat(changed.getBefore()).isEqualTo(collection(production, "c"));
        assertThat(changed.getAfter().getSchemaJson()).isEqualTo(TITLED);
        assertThat(changed.getAfter().getVersion()).isEqualTo(2);
        assertThat(difference.getPromotions(1).hasBefore()).isFalse();
        assertThat(difference.getPromotions(1).getAfter().getVersion()).isEqualTo(1);
        CollectionPromotion same = difference.getPromotions(2);
        assertThat(same.getAfter()).isEqualTo(same.getBefore());
        CollectionPromotion done = promote().getPromotions(0);
        assertThat(done.hasBefore() || done.hasAfter()).isFalse();
    }

    @Test
    void saysAtOnceWhatIsWrongWithEachCollection() throws Exception {
        preview.execute(Ops.collection("u"), Ops.collection("r"), Ops.collection("fine"));
        promote();
        production.execute(
                Ops.create("c", "a", "{\"n\":1}"),
                Ops.create("u", "a", "{\"n\":1}"),
                Ops.create("u", "b", "{\"n\":1}"),
                Ops.create("r", "a", "{\"c\":\"nobody\"}"));
        preview.execute(
                Ops.schema("c", TITLED),
                Ops.collection("u", Ops.unique("by_n", "n")),
                Ops.pointing("r", Ops.reference("c", "c", OnDelete.ON_DELETE_RESTRICT)),
                Ops.schema("fine", TITLED));
        PromoteCollectionsRequest.Builder request =
                request(preview, production, "u", "fine", "none", "c", "r");
        for (boolean validateOnly : new boolean[] {true, false}) {
            Refusal refusal =
                    production
                            .refused(() -> promote(request.setValidateOnly(validateOnly)))
                            .has(Code.ALREADY_EXISTS, ERROR_REASON_UNIQUE_CONSTRAINT_VIOLATION)
                            .because(0, 2, 3, 4)
                            .at(
                                    "collections[0].unique_constraints",
                                    "collections[3].schema",
                                    "collections[4].references");
            assertThat(refusal.message()).contains("collections[0]", "\"u\"");
            assertThat(refusal.error(0).getConstraint()).isEqualTo("by_n");
            assertThat(refusal.error(2).getReason()).isEqualTo(ERROR_REASON_COLLECTION_NOT_FOUND);
            assertThat(refusal.error(2).getMessage()).contains("\"none\"", preview.workspace());
            assertThat(refusal.error(3).getReason()).isEqualTo(ERROR_REASON_SCHEMA_VIOLATION);
            assertThat(refusal.error(4).getReason()).isEqualTo(ERROR_REASON_REFERENCE_VIOLATION);
            assertThat(refusal.failure().getCommitState())
                    .isEqualTo(
                            validateOnly
                                    ? CommitState.COMMIT_STATE_NOT_STARTED
                                    : CommitState.COMMIT_STATE_ROLLED_BACK);
        }
    }

    @Test
    void whatACollectionRefersToMustBeThereOrCome() throws Exception {
        preview.execute(Ops.collection("base"), pointing("mid", "base"), pointing("top", "mid"));
        Refusal refusal =
                production
                        .refused(() -> promote("top", "mid"))
                        .has(Code.FAILED_PRECONDITION, ERROR_REASON_DEPENDENCY_FAILED)
                        .because(0, 1);
        ItemError dependent = refusal.error(0);
        assertThat(dependent.getEarlierIndex()).isEqualTo(1);
        assertThat(dependent.getMessage()).contains("\"top\"", "\"mid\"");
        assertThat(refusal.error(1).getReason()).isEqualTo(ERROR_REASON_COLLECTION_NOT_FOUND);
        assertThat(refusal.error(1).getMessage()).contains("\"mid\"", "\"base\"");
        assertThat(outcomes(promote("top", "base", "mid"))).hasSize(3);
    }

    @Test
    void promotesAsManyAsTheLimitAllows() throws Exception {
        for (int i = 1; i < 10; i++) {
            preview.execute(Ops.collection("x" + i));
        }
        assertThat(promote().getPromotionsCount()).isEqualTo(10);
        preview.execute(Ops.collection("x10"));
        Refusal all =
                production
                        .refused(() -> promote())
                        .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED)
                        .at("collections");
        assertThat(all.metadata())
                .containsEntry("limit", "10")
                .containsEntry("actual", "11")
                .containsEntry("setting", "--operations-max");
        List<String> names = new ArrayList<>(List.of("c"));
        for (int i = 1; i <= 10; i++) {
            names.add("x" + i);
        }
        production
                .refused(() -> promote(names.toArray(String[]::new)))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED);
        assertThat(promote(names.subList(1, 11).toArray(String[]::new)).getPromotionsCount())
                .isEqualTo(10);
    }

    @Test
    void promotesNoMoreBytesThanTheLimitAllows() throws Exception {
        String schema = "{\"description\":\"" + "x".repeat(250_000) + "\"}";
        for (String name : List.of("d", "e", "f", "g")) {
            preview.execute(Ops.schema(name, schema));
        }
        promote();
        preview.execute(Ops.schema("h", schema));
        Refusal refusal =
                production
                        .refused(() -> promote())
                        .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED);
        assertThat(refusal.metadata()).containsEntry("setting", "--load-bytes-max");
    }

    @Test
    void refusesAReplyThatIsTooLarge() throws Exception {
        preview.execute(Ops.schema("d", "{\"description\":\"" + "x".repeat(70_000) + "\"}"));
        try (TestServer small = server.another("--reply-bytes-max=65536")) {
            PromoteCollectionsRequest request =
                    request(preview, production).setValidateOnly(true).build();
            production
                    .refused(() -> small.workspaces().promoteCollections(request))
                    .has(Code.FAILED_PRECONDITION, ERROR_REASON_RESPONSE_TOO_LARGE);
        }
    }

    @Test
    void refusesWhatIsMalformed() throws Exception {
        invalid(request(preview, production).setSourceWorkspace("")).at("source_workspace");
        invalid(request(preview, production).setTargetWorkspace("a b")).at("target_workspace");
        invalid(request(preview, preview)).at("target_workspace");
        invalid(request(preview, production, "c", "", "c")).at("collections[1]", "collections[2]");
        invalid(request(preview, production).setDataFormatValue(9)).at("data_format");
        for (boolean source : new boolean[] {true, false}) {
            PromoteCollectionsRequest.Builder request = request(preview, production);
            if (source) {
                request.setSourceWorkspace("nowhere");
            } else {
                request.setTargetWorkspace("nowhere");
            }
            Refusal refusal =
                    production
                            .refused(() -> promote(request))
                            .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
            assertThat(refusal.metadata()).containsEntry("workspace", "nowhere");
        }
    }

    @Test
    void waitsForItsCollectionsOnlyIfItWrites() throws Exception {
        promote();
        preview.execute(Ops.schema("c", TITLED));
        for (Caller side : List.of(preview, production)) {
            try (TestServer impatient = server.another("--transaction-time-max=1s");
                    RowLock lock = RowLock.ofCollection(new Inserter(side, "c"))) {
                PromoteCollectionsRequest.Builder request = request(preview, production);
                production
                        .refused(() -> impatient.workspaces().promoteCollections(request.build()))
                        .isLate();
                request.setValidateOnly(true);
                assertThat(outcomes(impatient.workspaces().promoteCollections(request.build())))
                        .containsExactly("c UPDATED");
                lock.release();
            }
        }
        assertThat(outcomes(promote())).containsExactly("c UPDATED");
    }

    @Test
    void promotionsThatCrossDoNotFailEachOther() throws Exception {
        Caller one = Caller.of(server);
        Caller other = Caller.of(server);
        for (Caller each : List.of(one, other)) {
            each.execute(Ops.collection("d"), pointing("e", "d"), Ops.create("d", "a", "{}"));
        }
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> done = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String schema = "{\"title\":\"" + i + "\"}";
                Caller from = i % 2 == 0 ? one : other;
                Caller to = i % 2 == 0 ? other : one;
                done.add(
                        callers.submit(() -> {
                            from.execute(Ops.schema("d", schema), Ops.update("d", "a", "{}"));
                            return promote(request(from, to));
                        }));
            }
            for (Future<Object> each : done) {
                each.get();
            }
        }
    }

    private Refusal invalid(PromoteCollectionsRequest.Builder request) throws Exception {
        return production
                .refused(() -> promote(request))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
    }

    private static Operation pointing(String name, String... targets) {
        Operation.Builder operation = Ops.collection(name).toBuilder();
        for (int i = 0; i < targets.length; i++) {
            operation
                    .getUpsertCollectionBuilder()
                    .addReferences(Ops.reference("f" + i, targets[i], OnDelete.ON_DELETE_RESTRICT));
        }
        return operation.build();
    }

    private PromoteCollectionsResponse promote(String... names) throws Exception {
        return promote(request(preview, production, names));
    }

    private static PromoteCollectionsResponse promote(PromoteCollectionsRequest.Builder request)
            throws Exception {
        return server.workspaces().promoteCollections(request.build());
    }

    private static PromoteCollectionsRequest.Builder request(
            Caller source, Caller target, String... names) {
        return PromoteCollectionsRequest.newBuilder()
                .setSourceWorkspace(source.workspace())
                .setTargetWorkspace(target.workspace())
                .addAllCollections(List.of(names))
                .setDataFormat(DataFormat.DATA_FORMAT_JSON);
    }

    private static List<String> outcomes(PromoteCollectionsResponse response) {
        return response.getPromotionsList().stream().map(PromotionTest::outcome).toList();
    }

    private static String outcome(CollectionPromotion promotion) {
        Outcome outcome = promotion.getOutcome();
        return promotion.getCollection() + " " + outcome.name().substring("OUTCOME_".length());
    }

    /** What a collection demands, whichever version of it, and whoever made it so. */
    private static Collection definition(Caller caller, String name) throws Exception {
        return collection(caller, name).toBuilder()
                .clearVersion()
                .clearCreateTime()
                .clearUpdateTime()
                .build();
    }

    private static Collection collection(Caller caller, String name) throws Exception {
        return server.workspaces()
                .getCollection(
                        GetCollectionRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setCollection(name)
                                .setDataFormat(DataFormat.DATA_FORMAT_JSON)
                                .build());
    }
}
