package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.ItemError;
import dev.tranche.v1.Outcome;
import dev.tranche.v1.RecordResult;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;

/** A whole stream of results, from the message that began it to the one that ended it. */
record InsertReply(Batch started, List<RecordResult> results, Batch summary) {

    /** Reads a stream to its end, and checks the order of its messages. */
    static InsertReply of(BlockingClientCall<?, BatchInsertResponse> call) throws Exception {
        List<BatchInsertResponse> messages = new ArrayList<>();
        while (call.hasNext()) {
            messages.add(call.read());
        }
        assertThat(messages).as("started, then summary").hasSizeGreaterThanOrEqualTo(2);
        assertThat(messages.getFirst().hasStarted()).as("started is first").isTrue();
        assertThat(messages.getLast().hasSummary()).as("summary is last").isTrue();
        List<RecordResult> results = new ArrayList<>();
        for (BatchInsertResponse message : messages.subList(1, messages.size() - 1)) {
            assertThat(message.hasResults()).as("results between them").isTrue();
            results.addAll(message.getResults().getResultsList());
        }
        assertThat(results)
                .extracting(RecordResult::getIndex)
                .as("ascending, each once")
                .isSorted()
                .doesNotHaveDuplicates();
        Batch started = messages.getFirst().getStarted();
        Batch summary = messages.getLast().getSummary();
        assertThat(summary.getBatchId()).isEqualTo(started.getBatchId());
        return new InsertReply(started, results, summary);
    }

    String batchId() {
        return summary.getBatchId();
    }

    List<Integer> indexes() {
        return results.stream().map(RecordResult::getIndex).toList();
    }

    RecordResult result(int index) {
        return results.stream().filter(one -> one.getIndex() == index).findFirst().orElseThrow();
    }

    ItemError error(int index) {
        assertThat(result(index).getOutcome()).isEqualTo(Outcome.OUTCOME_FAILED);
        return result(index).getError();
    }

    List<Integer> failed() {
        return results.stream()
                .filter(one -> one.getOutcome() == Outcome.OUTCOME_FAILED)
                .map(RecordResult::getIndex)
                .toList();
    }
}
