package dev.tranche.server.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import dev.tranche.server.insert.Candidate;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.InsertRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code BatchInsertRequest} whose records stay bytes until they are due. As messages all of them
 * would take several times the memory, and a message of empty ones a hundred times.
 *
 * @param head the request without its records
 * @param count how many records there are
 * @param records the first of them, as many as a request may have
 */
record InsertMessage(BatchInsertRequest head, int count, List<ByteString> records) {
    private static final int RECORDS = BatchInsertRequest.RECORDS_FIELD_NUMBER;

    /** Several times what the longest labels take. */
    private static final int HEAD_BYTES_MAX = 64 << 10;

    /**
     * Reads requests.
     *
     * @param recordsMax how many records are kept
     */
    static RequestParser<InsertMessage> parser(int recordsMax) {
        return new RequestParser<>(
                BatchInsertRequest.getDescriptor().getName(),
                input -> read(input, recordsMax),
                message -> message.head().getWorkspace());
    }

    /** Reads the record at an index, as {@link CandidateDecoder} does. */
    Candidate record(int index, CandidateDecoder candidates, boolean asTree) {
        try {
            return candidates.decode(records.get(index), "records[" + index + "]", asTree);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("it was read before", e);
        }
    }

    private static InsertMessage read(CodedInputStream input, int recordsMax) throws IOException {
        UnknownFieldSet.Builder head = UnknownFieldSet.newBuilder();
        int headBytes = 0;
        int count = 0;
        List<ByteString> records = new ArrayList<>();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            if (field == RECORDS && count++ < recordsMax) {
                records.add(readRecord(input));
            } else if (field == RECORDS || !isKnown(field)) {
                input.skipField(tag);
            } else {
                int from = input.getTotalBytesRead();
                head.mergeFieldFrom(tag, input);
                headBytes += input.getTotalBytesRead() - from;
                requireSmall(headBytes);
            }
        }
        return new InsertMessage(
                BatchInsertRequest.parseFrom(head.build().toByteString()), count, records);
    }

    private static boolean isKnown(int field) {
        return BatchInsertRequest.getDescriptor().findFieldByNumber(field) != null;
    }

    private static void requireSmall(int headBytes) throws IOException {
        if (headBytes > HEAD_BYTES_MAX) {
            throw new InvalidProtocolBufferException(
                    "more than " + HEAD_BYTES_MAX + " bytes beside the records");
        }
    }

    /** Reads a record to see that it is one: bytes that are none are the whole call's error. */
    private static ByteString readRecord(CodedInputStream input) throws IOException {
        ByteString bytes = input.readBytes();
        if (!WireScan.isSurely(InsertRecord.getDescriptor(), bytes)) {
            CandidateDecoder.parse(bytes);
        }
        return bytes;
    }
}
