package dev.tranche.server.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.WireFormat;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.JsonText;
import dev.tranche.server.schema.MemberNames;
import dev.tranche.v1.InsertRecord;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@link Struct} of a record as JSON text without making messages, which costs less. It knows
 * what callers usually send; other bytes, and what is to be refused, are for a parser and {@link
 * StructReader}.
 */
final class StructScan {
    private static final int ID = tag(InsertRecord.ID_FIELD_NUMBER);
    private static final int DATA = tag(InsertRecord.DATA_FIELD_NUMBER);
    private static final int MEMBER = tag(Struct.FIELDS_FIELD_NUMBER);
    private static final int MEMBER_NAME = tag(1);
    private static final int MEMBER_VALUE = tag(2);
    private static final int ELEMENT = tag(ListValue.VALUES_FIELD_NUMBER);
    private static final int STRING = tag(Value.STRING_VALUE_FIELD_NUMBER);
    private static final int OBJECT = tag(Value.STRUCT_VALUE_FIELD_NUMBER);
    private static final int ARRAY = tag(Value.LIST_VALUE_FIELD_NUMBER);
    private static final int NUMBER =
            tag(Value.NUMBER_VALUE_FIELD_NUMBER, WireFormat.WIRETYPE_FIXED64);
    private static final int BOOL = tag(Value.BOOL_VALUE_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int NULL = tag(Value.NULL_VALUE_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);

    private final CodedInputStream input;
    private final JsonText out = new JsonText();

    private StructScan(CodedInputStream input) {
        this.input = input;
    }

    /**
     * A record whose data is a Struct.
     *
     * @param id as given
     * @param data nothing is wrong with it, but that it may be too large
     */
    record Scanned(String id, Json data) {}

    /** Reads a record; null if its data is no Struct, or it is not as usual. */
    static @Nullable Scanned record(ByteString bytes) {
        CodedInputStream input = bytes.newCodedInput();
        StructScan scan = new StructScan(input);
        try {
            String id = "";
            int tag = input.readTag();
            if (tag == ID) {
                id = input.readStringRequireUtf8();
                tag = input.readTag();
            }
            return tag == DATA && scan.inner(() -> scan.object(1)) && input.isAtEnd()
                    ? new Scanned(id, Json.known(scan.out.toString()))
                    : null;
        } catch (IOException malformed) {
            return null;
        }
    }

    /** Reads something to its end; false if it is not as usual. */
    @FunctionalInterface
    private interface Reading {
        boolean isUsual() throws IOException;
    }

    /** Reads a message inside of another. */
    private boolean inner(Reading message) throws IOException {
        int outer = input.pushLimit(input.readRawVarint32());
        boolean usual = message.isUsual() && input.isAtEnd();
        input.popLimit(outer);
        return usual;
    }

    private boolean object(int level) throws IOException {
        if (level > Json.NESTING_MAX) {
            return false;
        }
        MemberNames names = new MemberNames();
        out.beginObject();
        while (!input.isAtEnd()) {
            if (input.readTag() != MEMBER || !inner(() -> member(names, level))) {
                return false;
            }
        }
        out.endObject();
        return true;
    }

    private boolean member(MemberNames names, int level) throws IOException {
        if (input.readTag() != MEMBER_NAME) {
            return false;
        }
        String name = input.readStringRequireUtf8();
        out.name(name);
        return names.add(name) && input.readTag() == MEMBER_VALUE && inner(() -> value(level));
    }

    private boolean array(int level) throws IOException {
        if (level > Json.NESTING_MAX) {
            return false;
        }
        out.beginArray();
        while (!input.isAtEnd()) {
            if (input.readTag() != ELEMENT || !inner(() -> value(level))) {
                return false;
            }
        }
        out.endArray();
        return true;
    }

    private boolean value(int level) throws IOException {
        int tag = input.readTag();
        if (tag == STRING) {
            out.string(input.readStringRequireUtf8());
        } else if (tag == NUMBER) {
            return number(input.readDouble());
        } else if (tag == BOOL) {
            out.literal(Boolean.toString(input.readBool()));
        } else if (tag == NULL) {
            out.literal("null");
            return input.readEnum() == NullValue.NULL_VALUE_VALUE;
        } else if (tag == OBJECT) {
            return inner(() -> object(level + 1));
        } else if (tag == ARRAY) {
            return inner(() -> array(level + 1));
        } else {
            return false;
        }
        return true;
    }

    private boolean number(double number) {
        String text = StructReader.text(number);
        if (text == null) {
            return false;
        }
        out.literal(text);
        return true;
    }

    private static int tag(int number) {
        return tag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    }

    private static int tag(int number, int wireType) {
        return number << 3 | wireType;
    }
}
