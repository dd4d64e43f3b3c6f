package dev.tranche.server.model;

import dev.tranche.server.e2e.TestServer;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.RecordResult;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;

/** What the server said to an insert. */
record InsertAnswer(List<RecordResult> results, Batch summary) {

    static InsertAnswer of(TestServer server, BatchInsertRequest request)
            throws StatusException, InterruptedException {
        List<RecordResult> results = new ArrayList<>();
        Batch summary = Batch.getDefaultInstance();
        BlockingClientCall<?, BatchInsertResponse> call = server.batches().batchInsert(request);
        while (call.hasNext()) {
            BatchInsertResponse message = call.read();
            results.addAll(message.getResults().getResultsList());
            summary = message.getSummary();
        }
        return new InsertAnswer(results, summary);
    }

    /**
     * What it drew, for operations that stand for some of the records.
     *
     * @param indexes of the records, by operation
     */
    Drawn drawn(List<Integer> indexes) {
        return new Drawn() {
            @Override
            public String id(int index) {
                return known(result(index).getRecordId(), "id of [" + index + "]");
            }

            @Override
            public String etag(int index) {
                return known(result(index).getEtag(), "etag of [" + index + "]");
            }

            private RecordResult result(int index) {
                int at = indexes.get(index);
                return at < results.size() ? results.get(at) : RecordResult.getDefaultInstance();
            }
        };
    }

    private static String known(String text, String what) {
        return text.isEmpty() ? Values.unknown(what) : text;
    }
}
