package dev.tranche.server.transport;

import com.google.protobuf.CodedInputStream;
import dev.tranche.server.insert.Candidate;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.schema.Violation;
import dev.tranche.v1.InsertRecords;
import java.io.IOException;
import java.util.List;

/** The records of one message of a stream, each read when it is due. */
final class PackedRecords {
    private final CodedInputStream input;
    private int left;

    PackedRecords(StreamPart.Records records) {
        this.input = records.message().newCodedInput();
        this.left = records.count();
        input.enableAliasing(true);
    }

    boolean hasNext() {
        return left > 0;
    }

    /**
     * Reads the next one, as {@link CandidateDecoder} does.
     *
     * @param index of it in the whole stream
     * @throws CallFailure INVALID_REQUEST if its bytes are no record
     */
    Candidate next(long index, CandidateDecoder candidates, boolean asTree) {
        left--;
        try {
            int tag = input.readTag();
            while (tag != StreamPart.Fields.RECORD_TAG) {
                StreamPart.Fields.skip(input, tag);
                tag = input.readTag();
            }
            return candidates.decode(input.readBytes(), "records[" + index + "]", asTree);
        } catch (IOException e) {
            throw new CallFailure(
                    new Failure.InvalidRequest(
                            List.of(
                                    new Violation(
                                            InsertRecords.getDescriptor().getName(),
                                            "bytes given that are no such record, or one with text"
                                                    + " that is not UTF-8, or nested too"
                                                    + " deeply"))),
                    e);
        }
    }
}
