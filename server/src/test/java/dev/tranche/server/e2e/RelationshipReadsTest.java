package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.ListRelationshipsRequest;
import dev.tranche.v1.ListRelationshipsResponse;
import dev.tranche.v1.Operation;
import dev.tranche.v1.RecordRef;
import dev.tranche.v1.Relationship;
import dev.tranche.v1.UpsertRelationship;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listing the relationships of a record, in both directions. */
class RelationshipReadsTest {
    private static final int REPLY_BYTES_MAX = 64 << 10;

    private static TestServer server;
    private Caller caller;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start("--reply-bytes-max=" + REPLY_BYTES_MAX);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        caller = Caller.of(server);
        caller.execute(
                Ops.collection("d"),
                Ops.create("c", "a", "{}"),
                Ops.create("c", "b", "{}"),
                Ops.create("c", "B", "{}"),
                Ops.create("c", "é", "{}"),
                Ops.create("d", "a", "{}"));
    }

    @Test
    void showsWhatARelationshipIs() throws Exception {
        caller.execute(withData(link("likes", "c", "a", "d", "a"), "{\"since\":1.50}"));
        Relationship text = only(from("c", "a").setDataFormat(DataFormat.DATA_FORMAT_JSON));
        assertThat(text.getType()).isEqualTo("likes");
        assertThat(text.getSource()).isEqualTo(ref("c", "a"));
        assertThat(text.getTarget()).isEqualTo(ref("d", "a"));
        assertThat(text.getDataJson()).isEqualTo("{\"since\":1.50}");
        assertThat(text.getVersion()).isEqualTo(1);
        assertThat(text.getCreatedBy()).isEqualTo("anonymous");
        assertThat(text.getUpdateTime()).isEqualTo(text.getCreateTime());
        Relationship struct = only(to("d", "a"));
        assertThat(struct.getData().getFieldsMap().get("since").getNumberValue()).isEqualTo(1.5);
        caller.execute(link("likes", "c", "b", "c", "b"));
        assertThat(only(from("c", "b")).getPayloadCase())
                .isEqualTo(Relationship.PayloadCase.PAYLOAD_NOT_SET);
    }

    @Test
    void listsBothDirectionsByTypeAndByBothEnds() throws Exception {
        caller.execute(
                link("likes", "c", "a", "c", "b"),
                link("knows", "c", "a", "c", "b"),
                link("likes", "c", "b", "c", "a"),
                link("likes", "c", "a", "c", "a"),
                link("likes", "c", "a", "d", "a"));
        assertThat(listed(from("c", "a")))
                .containsExactlyInAnyOrder(
                        "knows c/a c/b", "likes c/a c/a", "likes c/a c/b", "likes c/a d/a");
        assertThat(listed(to("c", "a"))).containsExactly("likes c/a c/a", "likes c/b c/a");
        assertThat(listed(from("c", "a").setType("knows"))).containsExactly("knows c/a c/b");
        assertThat(listed(to("c", "b").setType("likes"))).containsExactly("likes c/a c/b");
        assertThat(listed(from("c", "a").setTarget(ref("c", "b"))))
                .containsExactly("knows c/a c/b", "likes c/a c/b");
        assertThat(listed(from("c", "a").setTarget(ref("c", "b")).setType("likes")))
                .containsExactly("likes c/a c/b");
        assertThat(listed(from("c", "a").setType("Likes"))).isEmpty();
        assertThat(listed(from("c", "nobody"))).isEmpty();
    }

    @Test
    void listsInTheOrderOfTypesCollectionsAndIds() throws Exception {
        caller.execute(
                link("b", "c", "a", "c", "b"),
                link("B", "c", "a", "c", "é"),
                link("a", "c", "a", "c", "B"),
                link("a", "c", "a", "c", "é"),
                link("a", "c", "a", "d", "a"),
                link("a", "c", "a", "c", "b"));
        List<String> listed = listed(from("c", "a"));
        assertThat(listed.getFirst()).isEqualTo("B c/a c/é");
        assertThat(listed.getLast()).isEqualTo("b c/a c/b");
        assertThat(listed).hasSize(6);
        List<String> middle = new ArrayList<>(listed.subList(1, 5));
        // Which of the two collections comes first means nothing.
        int other = middle.indexOf("a c/a d/a");
        assertThat(other).isIn(0, 3);
        middle.remove(other);
        assertThat(middle).containsExactly("a c/a c/B", "a c/a c/b", "a c/a c/é");
    }

    @Test
    void listsWhatLeadsToARecordPageByPage() throws Exception {
        caller.execute(
                link("a", "c", "a", "d", "a"),
                link("a", "c", "B", "d", "a"),
                link("a", "c", "b", "d", "a"),
                link("b", "c", "a", "d", "a"),
                link("b", "d", "a", "d", "a"));
        List<String> listed = listed(to("d", "a"));
        assertThat(listed.subList(0, 3)).containsExactly("a c/B d/a", "a c/a d/a", "a c/b d/a");
        assertThat(listed.subList(3, 5)).containsExactlyInAnyOrder("b c/a d/a", "b d/a d/a");
    }

    @Test
    void forgetsWhatIsGone() throws Exception {
        caller.execute(
                Ops.collection("e"),
                Ops.create("e", "a", "{}"),
                link("x", "c", "a", "c", "b"),
                link("x", "c", "a", "d", "a"),
                link("x", "c", "a", "e", "a"),
                link("x", "e", "a", "c", "a"));
        caller.execute(Ops.delete("c", "b"), Ops.dropCollection("e"));
        assertThat(listed(from("c", "a"))).containsExactly("x c/a d/a");
        assertThat(listed(to("c", "a"))).isEmpty();
        // Neither a collection of the same name nor a revived record brings a relationship back.
        caller.execute(Ops.collection("e"), Ops.create("e", "a", "{}"), Ops.create("c", "b", "{}"));
        assertThat(listed(from("c", "a"))).containsExactly("x c/a d/a");
    }

    @Test
    void aPageIsNeverLargerThanAReplyMayBe() throws Exception {
        String data = "{\"x\":\"" + "x".repeat(REPLY_BYTES_MAX / 3) + "\"}";
        for (String id : List.of("a", "b", "B", "é")) {
            caller.execute(withData(link("t", "c", "a", "c", id), data));
        }
        assertThat(
                        server.records()
                                .listRelationships(from("c", "a").build())
                                .getRelationshipsList())
                .hasSizeBetween(1, 2);
        assertThat(listed(from("c", "a").setPageSize(1_000))).hasSize(4);
    }

    @Test
    void refusesWhatNamesNothing() throws Exception {
        refused(request()).at("source");
        refused(from("c", "")).at("source.id");
        refused(from("", "a")).at("source.collection");
        refused(to("c", "\0")).at("target.id");
        refused(from("c", "a").setType("no type")).at("type");
        refused(from("c", "a").setDataFormatValue(9)).at("data_format");
        refused(from("c", "a").setPageSize(-1)).at("page_size");
        refused(from("c", "a").setWorkspace("")).at("workspace");
        caller.refused(() -> list(from("c", "a").setWorkspace("nowhere")))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
        Refusal missing =
                caller.refused(() -> list(from("c", "a").setTarget(ref("f", "a"))))
                        .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        assertThat(missing.metadata()).containsEntry("collection", "f");
    }

    @Test
    void refusesTheTokenOfAnotherList() throws Exception {
        caller.execute(link("a", "c", "a", "c", "b"), link("b", "c", "a", "c", "b"));
        String token = list(from("c", "a").setPageSize(1)).getNextPageToken();
        assertThat(token).isNotEmpty();
        refused(from("c", "a").setPageToken(token).setType("a")).at("page_token");
        refused(to("c", "a").setPageToken(token)).at("page_token");
        refused(from("c", "a").setPageToken("forged")).at("page_token");
        assertThat(list(from("c", "a").setPageToken(token)).getRelationshipsCount()).isOne();
    }

    private Refusal refused(ListRelationshipsRequest.Builder request) throws Exception {
        return caller.refused(() -> list(request))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST);
    }

    /** All of them, two by two. */
    private List<String> listed(ListRelationshipsRequest.Builder request) throws Exception {
        List<String> found = new ArrayList<>();
        int size = request.getPageSize() == 0 ? 2 : request.getPageSize();
        request.setPageSize(size);
        do {
            ListRelationshipsResponse page = list(request);
            assertThat(page.getSerializedSize()).isLessThanOrEqualTo(REPLY_BYTES_MAX);
            assertThat(page.getRelationshipsCount()).isLessThanOrEqualTo(size);
            page.getRelationshipsList().forEach(one -> found.add(text(one)));
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return found;
    }

    private static String text(Relationship one) {
        return "%s %s/%s %s/%s"
                .formatted(
                        one.getType(),
                        one.getSource().getCollection(),
                        one.getSource().getId(),
                        one.getTarget().getCollection(),
                        one.getTarget().getId());
    }

    private static Relationship only(ListRelationshipsRequest.Builder request) throws Exception {
        ListRelationshipsResponse page = list(request);
        assertThat(page.getRelationshipsCount()).isOne();
        assertThat(page.getNextPageToken()).isEmpty();
        return page.getRelationships(0);
    }

    private static ListRelationshipsResponse list(ListRelationshipsRequest.Builder request)
            throws Exception {
        return server.records().listRelationships(request.build());
    }

    private ListRelationshipsRequest.Builder request() {
        return ListRelationshipsRequest.newBuilder().setWorkspace(caller.workspace());
    }

    private ListRelationshipsRequest.Builder from(String collection, String id) {
        return request().setSource(ref(collection, id));
    }

    private ListRelationshipsRequest.Builder to(String collection, String id) {
        return request().setTarget(ref(collection, id));
    }

    private static Operation link(
            String type, String source, String sourceId, String target, String targetId) {
        return Operation.newBuilder()
                .setUpsertRelationship(
                        UpsertRelationship.newBuilder()
                                .setType(type)
                                .setSource(ref(source, sourceId))
                                .setTarget(ref(target, targetId)))
                .build();
    }

    private static Operation withData(Operation link, String dataJson) {
        Operation.Builder operation = link.toBuilder();
        operation.getUpsertRelationshipBuilder().setDataJson(dataJson);
        return operation.build();
    }

    private static RecordRef ref(String collection, String id) {
        return RecordRef.newBuilder().setCollection(collection).setId(id).build();
    }
}
