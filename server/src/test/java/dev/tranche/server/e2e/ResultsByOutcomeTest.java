package dev.tranche.server.e2e;

import static dev.tranche.server.e2e.Inserter.row;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_INVALID_REQUEST;
import static dev.tranche.v1.Outcome.OUTCOME_FAILED;
import static dev.tranche.v1.Outcome.OUTCOME_INSERTED;
import static dev.tranche.v1.Outcome.OUTCOME_NOT_ATTEMPTED;
import static dev.tranche.v1.Outcome.OUTCOME_SKIPPED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.ListBatchResultsResponse;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Those results of a batch that somebody looks for, in one of 100,000 records. */
class ResultsByOutcomeTest {
    private static final int RECORDS = 100_000;
    private static final Set<Integer> BAD = Set.of(0, 19_999, 20_000, 57_123, 99_999);

    private static TestServer server;
    private static Inserter inserter;
    private static String batchId;

    @BeforeAll
    static void insert() throws Exception {
        server = TestServer.start("--records-max=" + RECORDS);
        inserter = Inserter.into(server, Ops.collection("items"));
        List<InsertRecord> records = new ArrayList<>(RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            records.add(row(BAD.contains(i) ? "[" : "{}"));
        }
        batchId = inserter.insert(records).batchId();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void findsTheFailedOnesOnFewPages() throws Exception {
        List<ListBatchResultsResponse> pages = pages(request(2, OUTCOME_FAILED));
        assertThat(indexes(pages)).containsExactlyElementsOf(BAD.stream().sorted().toList());
        assertThat(pages).hasSizeLessThanOrEqualTo(7);
    }

    @Test
    void looksAtNoMoreThanAPageMay() throws Exception {
        List<ListBatchResultsResponse> pages = pages(request(1_000, OUTCOME_FAILED));
        assertThat(pages)
                .extracting(ListBatchResultsResponse::getResultsCount)
                .containsExactly(2, 1, 1, 0, 1);
        assertThat(pages(request(1_000, OUTCOME_SKIPPED)))
                .hasSize(5)
                .allMatch(page -> page.getResultsCount() == 0);
    }

    @Test
    void answersThoseOfSeveralOutcomesInOrder() throws Exception {
        List<ListBatchResultsResponse> pages =
                pages(request(1_000, OUTCOME_FAILED, OUTCOME_INSERTED));
        assertThat(indexes(pages)).hasSize(RECORDS).isSorted().doesNotHaveDuplicates();
        assertThat(pages).hasSize(RECORDS / 1_000);
        assertThat(indexes(pages(request(1_000, OUTCOME_INSERTED))))
                .hasSize(RECORDS - BAD.size())
                .doesNotContainAnyElementsOf(BAD);
    }

    @Test
    void finishesAPageThatWasCutShort() throws Exception {
        List<ListBatchResultsResponse> pages = pages(request(3, OUTCOME_FAILED));
        assertThat(indexes(pages)).containsExactlyElementsOf(BAD.stream().sorted().toList());
    }

    @Test
    void findsWhatWasNeverTried() throws Exception {
        String ordered =
                inserter.insert(
                                inserter
                                        .request(List.of(row("{}"), row("["), row("{}"), row("{}")))
                                        .toBuilder()
                                        .setOrdered(true))
                        .batchId();
        List<ListBatchResultsResponse> pages =
                pages(request(10, OUTCOME_NOT_ATTEMPTED).setBatchId(ordered));
        assertThat(indexes(pages)).containsExactly(2, 3);
    }

    @Test
    void refusesOutcomesItDoesNotKnow() {
        refused(request(1).addOutcomesValue(99), "outcomes[0]");
        refused(request(1, OUTCOME_FAILED).addOutcomes(Outcome.OUTCOME_UNSPECIFIED), "outcomes[1]");
    }

    @Test
    void refusesTokensOfOtherOutcomes() throws Exception {
        String token = answer(request(1, OUTCOME_FAILED)).getNextPageToken();
        refused(request(1).setPageToken(token), "page_token");
        refused(request(1, OUTCOME_INSERTED).setPageToken(token), "page_token");
        refused(request(1, OUTCOME_FAILED, OUTCOME_INSERTED).setPageToken(token), "page_token");
        assertThat(answer(request(1, OUTCOME_FAILED, OUTCOME_FAILED).setPageToken(token)))
                .satisfies(page -> assertThat(page.getResults(0).getIndex()).isEqualTo(19_999));
    }

    private static void refused(ListBatchResultsRequest.Builder request, String path) {
        Refusal.of(() -> answer(request))
                .has(Code.INVALID_ARGUMENT, ERROR_REASON_INVALID_REQUEST)
                .at(path);
    }

    private static ListBatchResultsRequest.Builder request(int size, Outcome... outcomes) {
        return ListBatchResultsRequest.newBuilder()
                .setWorkspace(inserter.caller().workspace())
                .setBatchId(batchId)
                .setPageSize(size)
                .addAllOutcomes(List.of(outcomes));
    }

    private static ListBatchResultsResponse answer(ListBatchResultsRequest.Builder request)
            throws Exception {
        return server.batches().listBatchResults(request.build());
    }

    private static List<ListBatchResultsResponse> pages(ListBatchResultsRequest.Builder request)
            throws Exception {
        List<ListBatchResultsResponse> pages = new ArrayList<>();
        do {
            pages.add(answer(request));
            request.setPageToken(pages.getLast().getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return pages;
    }

    private static List<Integer> indexes(List<ListBatchResultsResponse> pages) {
        return pages.stream()
                .flatMap(page -> page.getResultsList().stream())
                .map(RecordResult::getIndex)
                .toList();
    }
}
