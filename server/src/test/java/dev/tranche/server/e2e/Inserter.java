package dev.tranche.server.e2e;

import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.BatchInsertResponse;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.ListBatchResultsRequest;
import dev.tranche.v1.ListBatchResultsResponse;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.Replacement;
import dev.tranche.v1.RetryBatchInsertRequest;
import io.grpc.stub.BlockingClientCall;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/** A caller who inserts into one collection. */
record Inserter(Caller caller, String collection) {

    /** A workspace of its own, with a collection of this definition in it. */
    static Inserter into(TestServer server, dev.tranche.v1.Operation definition) throws Exception {
        Caller caller = Caller.of(server);
        caller.execute(definition);
        return new Inserter(caller, definition.getUpsertCollection().getCollection());
    }

    static InsertRecord row(String id, String dataJson) {
        return InsertRecord.newBuilder().setId(id).setDataJson(dataJson).build();
    }

    static InsertRecord row(String dataJson) {
        return row("", dataJson);
    }

    static Replacement replacement(int index, InsertRecord record) {
        return Replacement.newBuilder().setIndex(index).setRecord(record).build();
    }

    BatchInsertRequest request(List<InsertRecord> records) {
        return BatchInsertRequest.newBuilder()
                .setWorkspace(caller.workspace())
                .setCollection(collection)
                .addAllRecords(records)
                .build();
    }

    BlockingClientCall<?, BatchInsertResponse> begin(List<InsertRecord> records) {
        return caller.batches().batchInsert(request(records));
    }

    InsertReply insert(List<InsertRecord> records) throws Exception {
        return InsertReply.of(begin(records));
    }

    InsertReply insert(InsertRecord... records) throws Exception {
        return insert(List.of(records));
    }

    InsertReply insert(BatchInsertRequest.Builder request) throws Exception {
        return InsertReply.of(caller.batches().batchInsert(request.build()));
    }

    RetryBatchInsertRequest.Builder retryOf(String batchId) {
        return RetryBatchInsertRequest.newBuilder()
                .setWorkspace(caller.workspace())
                .setBatchId(batchId);
    }

    InsertReply retry(RetryBatchInsertRequest.Builder request) throws Exception {
        return InsertReply.of(caller.batches().retryBatchInsert(request.build()));
    }

    Batch account(String batchId) throws Exception {
        return caller.batches()
                .getBatch(
                        GetBatchRequest.newBuilder()
                                .setWorkspace(caller.workspace())
                                .setBatchId(batchId)
                                .build());
    }

    /** Every stored result of a batch, read in pages of this size. */
    List<RecordResult> storedResults(String batchId, int pageSize) throws Exception {
        List<RecordResult> results = new ArrayList<>();
        var request =
                ListBatchResultsRequest.newBuilder()
                        .setWorkspace(caller.workspace())
                        .setBatchId(batchId)
                        .setPageSize(pageSize);
        do {
            ListBatchResultsResponse page = caller.batches().listBatchResults(request.build());
            results.addAll(page.getResultsList());
            request.setPageToken(page.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        return results;
    }

    /** Live records of the collection, counted in the database itself. */
    int stored() throws Exception {
        try (Connection connection = caller.server().connection()) {
            return stored(connection);
        }
    }

    int stored(Connection connection) throws Exception {
        String sql =
                "SELECT COUNT(*) FROM record r JOIN collection c ON c.id = r.collection_id"
                        + " JOIN workspace w ON w.id = c.workspace_id"
                        + " WHERE w.name = ? AND c.live_name = ? AND r.deleted_at IS NULL";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, caller.workspace());
            statement.setString(2, collection);
            try (ResultSet found = statement.executeQuery()) {
                found.next();
                return found.getInt(1);
            }
        }
    }
}
