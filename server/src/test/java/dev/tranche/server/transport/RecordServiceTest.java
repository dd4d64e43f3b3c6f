package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import dev.tranche.v1.BatchGetRecordsRequest;
import dev.tranche.v1.BatchGetRecordsResponse;
import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.DeleteRecord;
import dev.tranche.v1.GetRecordRequest;
import dev.tranche.v1.ListRecordsRequest;
import dev.tranche.v1.ListRecordsResponse;
import dev.tranche.v1.Operation;
import dev.tranche.v1.Record;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RecordServiceTest {
    private final Served served = Served.inProcess();

    @BeforeEach
    void records() {
        served.collection("notes");
        served.execute(create("a", "{}"), create("b", "{\"n\":1}"), create("c", "{}"));
        served.execute(
                Operation.newBuilder()
                        .setDeleteRecord(
                                DeleteRecord.newBuilder().setCollection("notes").setId("c"))
                        .build());
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void answersALiveRecord() {
        Record record = served.records().getRecord(get("b").build());

        assertThat(record.getCollection()).isEqualTo("notes");
        assertThat(record.getVersion()).isEqualTo(1);
        assertThat(record.getData().getFieldsOrThrow("n").getNumberValue()).isEqualTo(1);
        assertThat(record.getCreateTime()).isEqualTo(record.getUpdateTime());
        assertThat(record.hasDeleteTime()).isFalse();
    }

    @Test
    void answersTextIfAsked() {
        Record record =
                served.records()
                        .getRecord(get("b").setDataFormat(DataFormat.DATA_FORMAT_JSON).build());

        assertThat(record.getDataJson()).isEqualTo("{\"n\":1}");
    }

    @Test
    void saysWhatIsMissing() {
        assertMissing(get("nobody"), "RECORD_NOT_FOUND", "record", "nobody");
        assertMissing(get("c"), "RECORD_NOT_FOUND", "record", "c");
        assertMissing(get("a").setCollection("x"), "COLLECTION_NOT_FOUND", "collection", "x");
        assertMissing(get("a").setWorkspace("w"), "WORKSPACE_NOT_FOUND", "workspace", "w");
    }

    @Test
    void refusesAnIdThatNoRecordCanHave() {
        for (String id : List.of("", "x".repeat(129), "a\u0000")) {
            assertThat(
                            Failures.reason(
                                    Failures.of(() -> served.records().getRecord(get(id).build()))))
                    .isEqualTo("INVALID_REQUEST");
        }
    }

    @Test
    void answersRecordsInTheOrderOfTheRequestEachOnce() {
        BatchGetRecordsResponse response =
                served.records().batchGetRecords(batch(List.of("b", "x", "a", "b", "c")));

        assertThat(response.getRecordsList()).extracting(Record::getId).containsExactly("b", "a");
        assertThat(response.getMissingIdsList()).containsExactly("x", "c");
    }

    @Test
    void takesAThousandIdsAndNotOneMore() {
        assertThat(
                        served.records()
                                .batchGetRecords(batch(Collections.nCopies(1_000, "a")))
                                .getRecordsCount())
                .isEqualTo(1);
        StatusRuntimeException failure =
                Failures.of(() ->
                        served.records().batchGetRecords(batch(Collections.nCopies(1_001, "a"))));
        assertThat(Failures.reason(failure)).isEqualTo("LIMIT_EXCEEDED");
    }

    @Test
    void refusesToAnswerNoIds() {
        assertThat(
                        Failures.reason(
                                Failures.of(
                                        () -> served.records().batchGetRecords(batch(List.of())))))
                .isEqualTo("INVALID_REQUEST");
    }

    @Test
    void listsDeletedRecordsIfAsked() {
        ListRecordsResponse live = served.records().listRecords(list().build());
        ListRecordsResponse all = served.records().listRecords(list().setShowDeleted(true).build());

        assertThat(live.getRecordsList()).extracting(Record::getId).containsExactly("a", "b");
        assertThat(all.getRecordsList()).extracting(Record::getId).containsExactly("a", "b", "c");
        assertThat(all.getRecords(2).hasDeleteTime()).isTrue();
        assertThat(all.getNextPageToken()).isEmpty();
    }

    @Test
    void listsPageByPage() {
        ListRecordsRequest.Builder request = list().setPageSize(1).setShowDeleted(true);

        assertThat(pages(request)).containsExactly(List.of("a"), List.of("b"), List.of("c"));
    }

    @Test
    void cutsAPageThatWouldBeTooLarge() {
        String large = "{\"text\":\"" + "x".repeat(1_000_000) + "\"}";
        IntStream.range(0, 9).forEach(i -> served.execute(create("large" + i, large)));

        List<List<String>> pages = pages(list());

        assertThat(pages).hasSizeGreaterThan(2);
        assertThat(pages.stream().flatMap(List::stream)).hasSize(11).doesNotHaveDuplicates();
    }

    @Test
    void cutsAPageWhoseStructsAreLargerThanItsText() {
        String large = "{\"list\":[" + "1,".repeat(99_999) + "1]}";
        IntStream.range(0, 9).forEach(i -> served.execute(create("large" + i, large)));

        List<List<String>> pages = pages(list());

        assertThat(pages).hasSizeGreaterThan(2);
        assertThat(pages.stream().flatMap(List::stream)).hasSize(11).doesNotHaveDuplicates();
    }

    @Test
    void refusesATokenOfAnotherCollection() {
        served.collection("tags");
        String token =
                served.records().listRecords(list().setPageSize(1).build()).getNextPageToken();

        StatusRuntimeException failure =
                Failures.of(() ->
                        served.records()
                                .listRecords(
                                        list().setCollection("tags").setPageToken(token).build()));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(failure.getStatus().getDescription()).startsWith("page_token:");
    }

    private List<List<String>> pages(ListRecordsRequest.Builder request) {
        List<List<String>> pages = new ArrayList<>();
        String token = "";
        do {
            ListRecordsResponse page =
                    served.records().listRecords(request.setPageToken(token).build());
            pages.add(page.getRecordsList().stream().map(Record::getId).toList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return pages;
    }

    private void assertMissing(
            GetRecordRequest.Builder request, String reason, String what, String name) {
        StatusRuntimeException failure =
                Failures.of(() -> served.records().getRecord(request.build()));
        assertThat(failure.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
        assertThat(Failures.reason(failure)).isEqualTo(reason);
        assertThat(Failures.detail(failure, ErrorInfo.class).getMetadataMap())
                .containsEntry(what, name);
    }

    private static GetRecordRequest.Builder get(String id) {
        return GetRecordRequest.newBuilder()
                .setWorkspace("default")
                .setCollection("notes")
                .setId(id);
    }

    private static BatchGetRecordsRequest batch(List<String> ids) {
        return BatchGetRecordsRequest.newBuilder()
                .setWorkspace("default")
                .setCollection("notes")
                .addAllIds(ids)
                .build();
    }

    private static ListRecordsRequest.Builder list() {
        return ListRecordsRequest.newBuilder().setWorkspace("default").setCollection("notes");
    }

    private static Operation create(String id, String json) {
        return Operation.newBuilder()
                .setCreateRecord(
                        CreateRecord.newBuilder()
                                .setCollection("notes")
                                .setId(id)
                                .setDataJson(json))
                .build();
    }
}
