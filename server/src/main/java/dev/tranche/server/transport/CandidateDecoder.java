package dev.tranche.server.transport;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tranche.server.insert.Candidate;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.Violation;
import dev.tranche.v1.InsertRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads records to insert. What is wrong with one is its own error, not the call's.
 *
 * @param recordBytesMax UTF-8 bytes of a record's JSON text
 */
record CandidateDecoder(int recordBytesMax) {

    /**
     * Reads one of bytes.
     *
     * @param path of the record, {@code records[7]} for one
     * @param asTree whether the tree of its data is going to be wanted soon
     * @throws InvalidProtocolBufferException if they are none
     */
    Candidate decode(ByteString bytes, String path, boolean asTree)
            throws InvalidProtocolBufferException {
        StructScan.Scanned scanned = StructScan.record(bytes);
        if (scanned == null) {
            return decode(parse(bytes), path, asTree);
        }
        Violations violations = new Violations();
        String id = id(scanned.id(), path, violations);
        return candidate(id, scanned.data(), path, violations);
    }

    /** Makes a message of bytes. */
    @CanIgnoreReturnValue
    static InsertRecord parse(ByteString bytes) throws InvalidProtocolBufferException {
        CodedInputStream input = bytes.newCodedInput();
        input.setRecursionLimit(RequestParser.NESTING_MAX);
        InsertRecord record = InsertRecord.parser().parseFrom(input);
        input.checkLastTagWas(0);
        return record;
    }

    /** Reads one; the rest is as with bytes. */
    Candidate decode(InsertRecord record, String path, boolean asTree) {
        String text = record.hasDataJson() ? record.getDataJson() : null;
        if (text != null && text.length() > recordBytesMax) {
            return tooLarge(text.length() + " characters", path + ".data_json");
        }
        Violations violations = new Violations();
        String id = id(record.getId(), path, violations);
        Json data =
                new DataDecoder(violations, asTree)
                        .object(record.hasData() ? record.getData() : null, text, path);
        return candidate(id, data, path, violations);
    }

    private Candidate candidate(
            @Nullable String id, Json data, String path, Violations violations) {
        if (!violations.isEmpty()) {
            return new Candidate.Undecodable(violations.error());
        }
        return data.sizeBytes() > recordBytesMax
                ? tooLarge(data.sizeBytes() + " bytes", path + ".data")
                : new Candidate.Decoded(id, data);
    }

    private static @Nullable String id(String id, String path, Violations violations) {
        if (id.isEmpty()) {
            return null;
        }
        violations.check(path + ".id", Identifiers.recordId(id));
        return id;
    }

    private Candidate tooLarge(String given, String path) {
        String message =
                "record of "
                        + given
                        + " given, at most "
                        + recordBytesMax
                        + " bytes allowed (--record-bytes-max)";
        return new Candidate.Undecodable(
                ItemError.of(Reason.LIMIT_EXCEEDED, List.of(new Violation(path, message))));
    }
}
