package dev.tranche.server.transport;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tranche.v1.InsertRecord;

/** Records for tests of how their bytes are read. */
final class WireRecords {
    private WireRecords() {}

    /** Its Struct has values of every kind. */
    static InsertRecord ofEveryKind() {
        ListValue list =
                ListValue.newBuilder()
                        .addValues(Value.newBuilder().setBoolValue(true))
                        .addValues(Value.newBuilder().setNullValue(NullValue.NULL_VALUE))
                        .addValues(Value.newBuilder().setListValue(ListValue.getDefaultInstance()))
                        .build();
        Struct inner =
                Struct.newBuilder()
                        .putFields("list", Value.newBuilder().setListValue(list).build())
                        .build();
        Value empty = Value.newBuilder().setStructValue(Struct.getDefaultInstance()).build();
        return InsertRecord.newBuilder()
                .setId("é-1")
                .setData(
                        Struct.newBuilder()
                                .putFields("s", Value.newBuilder().setStringValue("ß\n\"").build())
                                .putFields("n", Value.newBuilder().setNumberValue(-1.5).build())
                                .putFields("w", Value.newBuilder().setNumberValue(90).build())
                                .putFields("e", empty)
                                .putFields("o", Value.newBuilder().setStructValue(inner).build()))
                .build();
    }

    /** Its Struct has so many levels, the outermost counted. */
    static InsertRecord nested(int levels) {
        Value value = Value.newBuilder().setBoolValue(true).build();
        for (int level = 1; level < levels; level++) {
            value =
                    Value.newBuilder()
                            .setListValue(ListValue.newBuilder().addValues(value))
                            .build();
        }
        return of(value);
    }

    /** Its Struct has one member, a. */
    static InsertRecord of(Value member) {
        return InsertRecord.newBuilder()
                .setData(Struct.newBuilder().putFields("a", member))
                .build();
    }
}
