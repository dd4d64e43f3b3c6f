package dev.tranche.server.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.tranche.v1.InsertRecords;
import dev.tranche.v1.StreamInsertOptions;
import dev.tranche.v1.StreamInsertRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A {@code StreamInsertRequest} whose records stay bytes until they are due: as messages a million
 * empty ones would take a hundred times the memory.
 */
sealed interface StreamPart {

    /** What to do with the records. */
    record Options(StreamInsertOptions options) implements StreamPart {}

    /**
     * Records.
     *
     * @param firstIndex as given
     * @param count how many there are
     * @param message the bytes of an {@code InsertRecords}
     */
    record Records(int firstIndex, int count, ByteString message) implements StreamPart {}

    /** Neither. */
    record Nothing() implements StreamPart {}

    /** Reads messages. */
    static RequestParser<StreamPart> parser() {
        return new RequestParser<>(
                StreamInsertRequest.getDescriptor().getName(), StreamPart::read, StreamPart::about);
    }

    private static @Nullable String about(StreamPart part) {
        return switch (part) {
            case Options given -> given.options().getWorkspace();
            case Records records -> null;
            case Nothing nothing -> null;
        };
    }

    /** As protobuf reads it: the last kind given counts, and one given in parts is put together. */
    private static StreamPart read(CodedInputStream input) throws IOException {
        int optionsTag = Fields.messageTag(StreamInsertRequest.OPTIONS_FIELD_NUMBER);
        int recordsTag = Fields.messageTag(StreamInsertRequest.RECORDS_FIELD_NUMBER);
        int last = 0;
        ByteString message = ByteString.EMPTY;
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == optionsTag || tag == recordsTag) {
                ByteString part = input.readBytes();
                message = tag == last ? message.concat(part) : part;
                last = tag;
            } else {
                Fields.skip(input, tag);
            }
        }
        if (last == 0) {
            return new Nothing();
        }
        return last == optionsTag ? options(message) : records(message);
    }

    private static Options options(ByteString message) throws IOException {
        if (message.size() > Fields.HEAD_BYTES_MAX) {
            throw new InvalidProtocolBufferException(
                    "options of more than " + Fields.HEAD_BYTES_MAX + " bytes");
        }
        return new Options(StreamInsertOptions.parseFrom(message));
    }

    private static Records records(ByteString message) throws IOException {
        CodedInputStream input = message.newCodedInput();
        int firstIndex = 0;
        int count = 0;
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == Fields.FIRST_INDEX_TAG) {
                firstIndex = input.readInt32();
            } else {
                Fields.skip(input, tag);
                count += tag == Fields.RECORD_TAG ? 1 : 0;
            }
        }
        return new Records(firstIndex, count, message);
    }

    /** How fields look on the wire. */
    final class Fields {
        /** Several times what the longest labels take. */
        static final int HEAD_BYTES_MAX = 64 << 10;

        static final int RECORD_TAG = messageTag(InsertRecords.RECORDS_FIELD_NUMBER);

        private static final int NUMBER_BITS_FROM = 3;
        private static final int FIRST_INDEX_TAG =
                InsertRecords.FIRST_INDEX_FIELD_NUMBER << NUMBER_BITS_FROM
                        | WireFormat.WIRETYPE_VARINT;

        private Fields() {}

        static int messageTag(int number) {
            return number << NUMBER_BITS_FROM | WireFormat.WIRETYPE_LENGTH_DELIMITED;
        }

        static void skip(CodedInputStream input, int tag) throws IOException {
            if (!input.skipField(tag)) {
                throw new InvalidProtocolBufferException("the end of a group that never began");
            }
        }
    }
}
