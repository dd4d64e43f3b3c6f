package dev.tranche.server.transport;

import dev.tranche.server.engine.RecordReader;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.BatchGetRecordsRequest;
import dev.tranche.v1.BatchGetRecordsResponse;
import dev.tranche.v1.GetRecordRequest;
import dev.tranche.v1.ListRecordsRequest;
import dev.tranche.v1.ListRecordsResponse;
import dev.tranche.v1.Record;
import dev.tranche.v1.RecordServiceGrpc;
import io.grpc.ServerServiceDefinition;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Answers {@code tranche.v1.RecordService}. */
final class RecordService {
    private static final int IDS_MAX = 1_000;

    private final Directory directory;
    private final RecordReader records;
    private final RelationshipReads relationships;
    private final ServerLimits.Calls limits;

    RecordService(UseCases useCases, ServerLimits limits) {
        this.directory = new Directory(useCases.catalog());
        this.records = useCases.records();
        this.limits = limits.calls();
        this.relationships =
                new RelationshipReads(
                        directory, useCases.relationships(), limits.calls().replyBytesMax());
    }

    ServerServiceDefinition definition() {
        return new ServiceAssembly(RecordServiceGrpc.getServiceDescriptor(), limits)
                .method(RecordServiceGrpc.getGetRecordMethod(), this::getRecord)
                .method(RecordServiceGrpc.getBatchGetRecordsMethod(), this::batchGetRecords)
                .method(RecordServiceGrpc.getListRecordsMethod(), this::listRecords)
                .method(RecordServiceGrpc.getListRelationshipsMethod(), relationships::list)
                .build();
    }

    private void getRecord(GetRecordRequest request, Replies<Record> replies) {
        Violations violations = place(request.getWorkspace(), request.getCollection());
        violations.check("id", Identifiers.recordId(request.getId()));
        Formats.check(request.getDataFormat(), request.getDataFormatValue(), violations);
        violations.refuse();
        CollectionRow collection =
                directory.collection(request.getWorkspace(), request.getCollection());
        RecordRow row =
                records.find(collection.id(), List.of(request.getId())).stream()
                        .filter(RecordRow::lives)
                        .findFirst()
                        .orElseThrow(() ->
                                Directory.missing(
                                        Reason.RECORD_NOT_FOUND, "record", request.getId()));
        replies.send(Resources.record(collection.name(), row, request.getDataFormat()));
    }

    private void batchGetRecords(
            BatchGetRecordsRequest request, Replies<BatchGetRecordsResponse> replies) {
        Violations violations = place(request.getWorkspace(), request.getCollection());
        checkIds(request, violations);
        Formats.check(request.getDataFormat(), request.getDataFormatValue(), violations);
        violations.refuse();
        CollectionRow collection =
                directory.collection(request.getWorkspace(), request.getCollection());
        List<String> ids = List.copyOf(new LinkedHashSet<>(request.getIdsList()));
        Map<String, RecordRow> live = new HashMap<>();
        records.find(collection.id(), ids).stream()
                .filter(RecordRow::lives)
                .forEach(row -> live.put(row.key().id(), row));
        BatchGetRecordsResponse.Builder response = BatchGetRecordsResponse.newBuilder();
        for (String id : ids) {
            RecordRow row = live.get(id);
            if (row == null) {
                response.addMissingIds(id);
            } else {
                response.addRecords(
                        Resources.record(collection.name(), row, request.getDataFormat()));
            }
        }
        replies.send(response.build());
    }

    private void listRecords(ListRecordsRequest request, Replies<ListRecordsResponse> replies) {
        Violations violations = place(request.getWorkspace(), request.getCollection());
        Formats.check(request.getDataFormat(), request.getDataFormatValue(), violations);
        Pages pages = Pages.of("records", request.getWorkspace(), request.getCollection());
        int size = Pages.size(request.getPageSize(), violations);
        String after = pages.position(request.getPageToken(), violations);
        violations.refuse();
        CollectionRow collection =
                directory.collection(request.getWorkspace(), request.getCollection());
        List<RecordRow> rows = list(collection, request, after, size + 1);
        ListRecordsResponse.Builder page = ListRecordsResponse.newBuilder();
        ReplySpace space = new ReplySpace(limits.replyBytesMax());
        for (RecordRow row : rows) {
            Record record = Resources.record(collection.name(), row, request.getDataFormat());
            boolean fits = space.take(record) || page.getRecordsCount() == 0;
            if (!fits || page.getRecordsCount() == size) {
                break;
            }
            page.addRecords(record);
            after = record.getId();
        }
        if (page.getRecordsCount() < rows.size() || hasMore(collection, request, page, after)) {
            page.setNextPageToken(pages.token(after));
        }
        replies.send(page.build());
    }

    private List<RecordRow> list(
            CollectionRow collection, ListRecordsRequest request, String after, int limit) {
        return records.list(
                collection.id(), after, request.getShowDeleted(), limit, limits.replyBytesMax());
    }

    /** A page that is not full may have been cut because of its bytes. */
    private boolean hasMore(
            CollectionRow collection,
            ListRecordsRequest request,
            ListRecordsResponse.Builder page,
            String after) {
        return page.getRecordsCount() > 0
                && !records.list(collection.id(), after, request.getShowDeleted(), 1, 1).isEmpty();
    }

    private static Violations place(String workspace, String collection) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(workspace));
        violations.check("collection", Identifiers.collectionName(collection));
        return violations;
    }

    private static void checkIds(BatchGetRecordsRequest request, Violations violations) {
        int count = request.getIdsCount();
        if (count == 0) {
            violations.add("ids", "none given, at least 1 allowed");
        }
        if (count > IDS_MAX) {
            throw new CallFailure(
                    new Failure.LimitExceeded("ids of one call", "ids", count, IDS_MAX));
        }
        for (int i = 0; i < count; i++) {
            violations.check("ids[" + i + "]", Identifiers.recordId(request.getIds(i)));
        }
    }
}
