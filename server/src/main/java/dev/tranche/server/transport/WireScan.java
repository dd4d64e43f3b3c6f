package dev.tranche.server.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Looks over the bytes of a message without making one, which costs less than a parser. It knows what
 * callers usually send; whether other bytes are a message, only a parser can tell.
 */
final class WireScan {
    private WireScan() {}

    /**
     * Whether bytes surely are a message: all fields are known, of the type they should be, text is
     * UTF-8, and nothing is nested deeper than {@link RequestParser#NESTING_MAX}.
     */
    static boolean isSurely(Descriptor type, ByteString bytes) {
        CodedInputStream input = bytes.newCodedInput();
        input.enableAliasing(true);
        try {
            return fieldsAreUsual(type, input, RequestParser.NESTING_MAX);
        } catch (IOException malformed) {
            return false;
        }
    }

    private static boolean fieldsAreUsual(Descriptor type, CodedInputStream input, int levels)
            throws IOException {
        if (levels == 0) {
            return false;
        }
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            if (field == null
                    || field.getLiteType().getWireType() != WireFormat.getTagWireType(tag)
                    || !valueIsUsual(field, input, tag, levels)) {
                return false;
            }
        }
        return true;
    }

    private static boolean valueIsUsual(
            FieldDescriptor field, CodedInputStream input, int tag, int levels) throws IOException {
        return switch (field.getJavaType()) {
            case STRING -> input.readBytes().isValidUtf8();
            case MESSAGE -> {
                int outer = input.pushLimit(input.readRawVarint32());
                boolean usual = fieldsAreUsual(field.getMessageType(), input, levels - 1);
                input.popLimit(outer);
                yield usual;
            }
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, BYTE_STRING, ENUM -> input.skipField(tag);
        };
    }
}
