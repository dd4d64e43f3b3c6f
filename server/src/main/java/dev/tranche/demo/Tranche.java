package dev.tranche.demo;

import dev.tranche.client.BatchClient;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchServiceGrpc;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.GetBatchRequest;
import dev.tranche.v1.ListRecordsRequest;
import dev.tranche.v1.ListRecordsResponse;
import dev.tranche.v1.Operation;
import dev.tranche.v1.Record;
import dev.tranche.v1.RecordServiceGrpc;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The service, as the demo calls it. */
record Tranche(Channel channel, BatchClient batches) {
    static final String WORKSPACE = "default";

    private static final int PAGE_RECORDS = 1_000;
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    static Tranche over(Channel channel) {
        return new Tranche(channel, BatchClient.on(channel));
    }

    ExecuteBatchResponse execute(List<Operation> operations) {
        return batches.executeBatch(
                ExecuteBatchRequest.newBuilder()
                        .setWorkspace(WORKSPACE)
                        .addAllOperations(operations)
                        .build());
    }

    Batch account(String batchId) {
        return BatchServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(READ_TIMEOUT)
                .getBatch(
                        GetBatchRequest.newBuilder()
                                .setWorkspace(WORKSPACE)
                                .setBatchId(batchId)
                                .build());
    }

    /** All live records of a collection, page by page. */
    List<Record> recordsOf(String collection) {
        List<Record> records = new ArrayList<>();
        ListRecordsRequest.Builder request =
                ListRecordsRequest.newBuilder()
                        .setWorkspace(WORKSPACE)
                        .setCollection(collection)
                        .setPageSize(PAGE_RECORDS)
                        .setDataFormat(DataFormat.DATA_FORMAT_JSON);
        ListRecordsResponse page;
        do {
            page =
                    RecordServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(READ_TIMEOUT)
                            .listRecords(request.build());
            records.addAll(page.getRecordsList());
            request.setPageToken(page.getNextPageToken());
        } while (!page.getNextPageToken().isEmpty());
        return records;
    }
}
