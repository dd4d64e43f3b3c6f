package dev.tranche.server.e2e;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_RECORD_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_WORKSPACE_NOT_FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.BatchGetRecordsRequest;
import dev.tranche.v1.BatchGetRecordsResponse;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.GetRecordRequest;
import dev.tranche.v1.ListRecordsRequest;
import dev.tranche.v1.ListRecordsResponse;
import dev.tranche.v1.Operation;
import dev.tranche.v1.Record;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading records, one by one, many by their ids, and page by page. */
class ReadsTest {
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
    void showsWhatARecordIs() throws Exception {
        caller.execute(Ops.create("c", "a", "{\"n\":1.50}"));
        Record created = caller.read("c", "a");
        assertThat(created.getCollection()).isEqualTo("c");
        assertThat(created.getDataJson()).isEqualTo("{\"n\":1.50}");
        assertThat(created.getVersion()).isEqualTo(1);
        assertThat(created.getCreatedBy()).isEqualTo("anonymous");
        assertThat(created.getUpdateTime()).isEqualTo(created.getCreateTime());
        assertThat(created.hasDeleteTime()).isFalse();
        assertThat(created.getConstraintsIgnored()).isFalse();
        caller.execute(Ops.update("c", "a", "{\"n\":2}"));
        Record updated = server.records().getRecord(get("a").build());
        assertThat(updated.getData().getFieldsMap().get("n").getNumberValue()).isEqualTo(2);
        assertThat(updated.getVersion()).isEqualTo(2);
        assertThat(updated.getCreateTime()).isEqualTo(created.getCreateTime());
        assertThat(updated.getEtag()).isNotEqualTo(created.getEtag());
    }

    @Test
    void refusesToReadWhatIsNotThere() throws Exception {
        caller.execute(Ops.create("c", "a", "{}"), Ops.delete("c", "a"));
        caller.refused(() -> server.records().getRecord(get("a").build()))
                .has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND);
        caller.refused(() -> server.records().getRecord(get("b").build()))
                .has(Code.NOT_FOUND, ERROR_REASON_RECORD_NOT_FOUND);
        caller.refused(() -> server.records().getRecord(get("a").setCollection("d").build()))
                .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
        caller.refused(() -> server.records().getRecord(get("a").setWorkspace("d").build()))
                .has(Code.NOT_FOUND, ERROR_REASON_WORKSPACE_NOT_FOUND);
        caller.execute(Ops.dropCollection("c"));
        caller.refused(() -> server.records().getRecord(get("a").build()))
                .has(Code.NOT_FOUND, ERROR_REASON_COLLECTION_NOT_FOUND);
    }

    @Test
    void refusesToReadWhatHasNoName() throws Exception {
        caller.refused(() -> server.records().getRecord(get("").build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("id");
        caller.refused(() -> server.records().getRecord(get("x".repeat(129)).build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("id");
        caller.refused(() -> server.records().getRecord(get("a").setCollection("").build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("collection");
        caller.refused(() -> server.records().getRecord(get("a").setWorkspace("").build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("workspace");
        caller.refused(() -> server.records().getRecord(get("a").setDataFormatValue(9).build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("data_format");
    }

    @Test
    void readsManyByTheirIds() throws Exception {
        caller.execute(
                Ops.create("c", "a", "{\"n\":1}"),
                Ops.create("c", "A", "{\"n\":2}"),
                Ops.create("c", "dead", "{}"),
                Ops.delete("c", "dead"));
        BatchGetRecordsResponse reply =
                server.records()
                        .batchGetRecords(many(List.of("x", "A", "dead", "a", "A", "a ")).build());
        assertThat(reply.getRecordsList()).extracting(Record::getId).containsExactly("A", "a");
        assertThat(reply.getRecords(0).getData().getFieldsMap().get("n").getNumberValue())
                .isEqualTo(2);
        assertThat(reply.getMissingIdsList()).containsExactly("x", "dead", "a ");
    }

    @Test
    void readsUpToAThousandByTheirIds() throws Exception {
        caller.execute(Ops.create("c", "a", "{}"));
        BatchGetRecordsResponse reply =
                server.records().batchGetRecords(many(Collections.nCopies(1000, "a")).build());
        assertThat(reply.getRecordsCount()).isOne();
        caller.refused(() ->
                        server.records()
                                .batchGetRecords(many(Collections.nCopies(1001, "a")).build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_LIMIT_EXCEEDED);
        caller.refused(() -> server.records().batchGetRecords(many(List.of()).build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("ids");
        caller.refused(() -> server.records().batchGetRecords(many(List.of("a", "b\0")).build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("ids[1]");
    }

    @Test
    void listsPageByPageInTheOrderOfBytes() throws Exception {
        String[] ids = {"b", "B", "a", "a ", "é", "🙂", "\uffee", "z"};
        Operation[] operations = new Operation[ids.length + 1];
        for (int i = 0; i < ids.length; i++) {
            operations[i] = Ops.create("c", ids[i], "{}");
        }
        operations[ids.length] = Ops.delete("c", "b");
        caller.execute(operations);
        assertThat(listed(false)).containsExactly("B", "a", "a ", "z", "é", "\uffee", "🙂");
        assertThat(listed(true)).containsExactly("B", "a", "a ", "b", "z", "é", "\uffee", "🙂");
        ListRecordsResponse all = server.records().listRecords(list().setShowDeleted(true).build());
        assertThat(all.getRecordsList())
                .filteredOn(Record::hasDeleteTime)
                .extracting(Record::getId)
                .containsExactly("b");
        assertThat(all.getNextPageToken()).isEmpty();
    }

    @Test
    void listsAnEmptyCollection() throws Exception {
        ListRecordsResponse page = server.records().listRecords(list().build());
        assertThat(page.getRecordsCount()).isZero();
        assertThat(page.getNextPageToken()).isEmpty();
    }

    @Test
    void refusesAPageThatIsNone() throws Exception {
        for (String forged : new String[] {"forged", "AAAA", "%", "é", "x".repeat(5000)}) {
            caller.refused(() -> server.records().listRecords(list().setPageToken(forged).build()))
                    .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                    .at("page_token");
        }
        caller.refused(() -> server.records().listRecords(list().setPageSize(-1).build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("page_size");
    }

    @Test
    void refusesTheTokenOfAnotherList() throws Exception {
        caller.execute(Ops.collection("d"), Ops.create("d", "a", "{}"), Ops.create("d", "b", "{}"));
        String token =
                server.records()
                        .listRecords(list().setCollection("d").setPageSize(1).build())
                        .getNextPageToken();
        assertThat(token).isNotEmpty();
        caller.refused(() -> server.records().listRecords(list().setPageToken(token).build()))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at("page_token");
    }

    private List<String> listed(boolean deleted) throws Exception {
        List<String> ids = new ArrayList<>();
        String token = "";
        do {
            ListRecordsResponse page =
                    server.records()
                            .listRecords(
                                    list().setPageSize(2)
                                            .setShowDeleted(deleted)
                                            .setPageToken(token)
                                            .build());
            assertThat(page.getRecordsCount()).isBetween(1, 2);
            page.getRecordsList().forEach(one -> ids.add(one.getId()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return ids;
    }

    private GetRecordRequest.Builder get(String id) {
        return GetRecordRequest.newBuilder()
                .setWorkspace(caller.workspace())
                .setCollection("c")
                .setId(id);
    }

    private BatchGetRecordsRequest.Builder many(List<String> ids) {
        return BatchGetRecordsRequest.newBuilder()
                .setWorkspace(caller.workspace())
                .setCollection("c")
                .setDataFormat(DataFormat.DATA_FORMAT_STRUCT)
                .addAllIds(ids);
    }

    private ListRecordsRequest.Builder list() {
        return ListRecordsRequest.newBuilder().setWorkspace(caller.workspace()).setCollection("c");
    }
}
