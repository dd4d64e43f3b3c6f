package dev.tranche.server.transport;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.InsertRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code BatchInsertRequest} whose records stay bytes until they are due. As messages all of them
 * would take several times the memory, and a message of empty ones a hundred times.
 *
 * @param count how many records there are
 * @param records the first of them, as many as a request may have
 */
record InsertMessage(String workspace, String collection, int count, List<ByteString> records) {
    private static final int WORKSPACE = tag(BatchInsertRequest.WORKSPACE_FIELD_NUMBER);
    private static final int COLLECTION = tag(BatchInsertRequest.COLLECTION_FIELD_NUMBER);
    private static final int RECORDS = tag(BatchInsertRequest.RECORDS_FIELD_NUMBER);

    /**
     * Reads requests.
     *
     * @param recordsMax how many records are kept
     */
    static RequestParser<InsertMessage> parser(int recordsMax) {
        return new RequestParser<>(
                BatchInsertRequest.getDescriptor().getName(), input -> read(input, recordsMax));
    }

    /** The record at an index. */
    InsertRecord record(int index) {
        try {
            return parse(records.get(index));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("it was read before", e);
        }
    }

    private static InsertMessage read(CodedInputStream input, int recordsMax) throws IOException {
        String workspace = "";
        String collection = "";
        int count = 0;
        List<ByteString> records = new ArrayList<>();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == WORKSPACE) {
                workspace = input.readStringRequireUtf8();
            } else if (tag == COLLECTION) {
                collection = input.readStringRequireUtf8();
            } else if (tag != RECORDS) {
                input.skipField(tag);
            } else if (count++ < recordsMax) {
                records.add(readRecord(input));
            } else {
                input.skipField(tag);
            }
        }
        return new InsertMessage(workspace, collection, count, records);
    }

    /** Reads a record for nothing but to see that it is one: a bad one is the whole call's error. */
    private static ByteString readRecord(CodedInputStream input) throws IOException {
        ByteString bytes = input.readBytes();
        parse(bytes);
        return bytes;
    }

    @CanIgnoreReturnValue
    private static InsertRecord parse(ByteString bytes) throws InvalidProtocolBufferException {
        CodedInputStream input = bytes.newCodedInput();
        input.setRecursionLimit(RequestParser.NESTING_MAX);
        InsertRecord record = InsertRecord.parser().parseFrom(input);
        input.checkLastTagWas(0);
        return record;
    }

    private static int tag(int field) {
        return field << 3 | 2;
    }
}
