package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import dev.tranche.v1.InsertRecord;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without messages must read as with them. */
class StructScanTest {

    @Test
    void whatCallersSendIsScanned() throws Exception {
        InsertRecord record = WireRecords.ofEveryKind();
        assertThat(scanned(record)).isEqualTo(read(record.toByteString()));
        assertThat(scanned(record))
                .isEqualTo(
                        "{\"s\":\"ß\\n\\\"\",\"n\":-1.5,\"w\":90,\"e\":{},"
                                + "\"o\":{\"list\":[true,null,[]]}}");
        assertThat(StructScan.record(record.toByteString()))
                .extracting(StructScan.Scanned::id)
                .isEqualTo("é-1");
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                -0.0,
                1,
                -7,
                0.1,
                1e-3,
                9.99e-4,
                1e-300,
                1.5e6,
                123456789.125,
                1e15,
                9_007_199_254_740_991.0,
                4.9e-324,
                0.30000000000000004
            })
    void numbersReadAsWithMessages(double number) throws Exception {
        InsertRecord record = WireRecords.of(Value.newBuilder().setNumberValue(number).build());
        assertThat(scanned(record)).isNotNull().isEqualTo(read(record.toByteString()));
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                Double.POSITIVE_INFINITY,
                9_007_199_254_740_992.0,
                -1e300
            })
    void numbersThatAreRefusedAreLeftToTheReader(double number) {
        assertThat(scanned(WireRecords.of(Value.newBuilder().setNumberValue(number).build())))
                .isNull();
    }

    @Test
    void whatIsNotUsualIsLeftToTheReader() {
        InsertRecord text = InsertRecord.newBuilder().setDataJson("{}").build();
        assertThat(scanned(text)).isNull();
        assertThat(scanned(InsertRecord.getDefaultInstance())).isNull();
        assertThat(scanned(WireRecords.of(Value.getDefaultInstance()))).as("no kind").isNull();
        InsertRecord unknown =
                WireRecords.ofEveryKind().toBuilder()
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                999,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addVarint(1)
                                                        .build())
                                        .build())
                        .build();
        assertThat(scanned(unknown)).isNull();
        ByteString twice =
                WireRecords.ofEveryKind()
                        .toByteString()
                        .concat(WireRecords.ofEveryKind().toByteString());
        assertThat(scan(twice)).as("two Structs are put together").isNull();
        Value one = Value.newBuilder().setBoolValue(true).build();
        ByteString member = Struct.newBuilder().putFields("a", one).build().toByteString();
        UnknownFieldSet.Field repeated =
                UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(member.concat(member))
                        .build();
        ByteString sameName =
                UnknownFieldSet.newBuilder()
                        .addField(InsertRecord.DATA_FIELD_NUMBER, repeated)
                        .build()
                        .toByteString();
        assertThat(scan(sameName)).as("a name given twice").isNull();
    }

    @Test
    void nestingEndsWhereTheReadersEnds() throws Exception {
        assertThat(scanned(WireRecords.nested(30)))
                .isNotNull()
                .isEqualTo(read(WireRecords.nested(30).toByteString()));
        assertThat(scanned(WireRecords.nested(31))).isNull();
        assertThat(read(WireRecords.nested(31).toByteString())).isNull();
    }

    /** Bytes replaced, left out, doubled: what is scanned the parser and the reader read the same. */
    @Test
    void whateverIsScannedReadsAsWithMessages() throws Exception {
        Random random = new Random(20_261_130);
        byte[] whole = WireRecords.ofEveryKind().toByteArray();
        int scanned = 0;
        for (int run = 0; run < 200_000; run++) {
            byte[] bytes = whole.clone();
            for (int fault = random.nextInt(2); fault >= 0; fault--) {
                bytes = spoilt(bytes, random);
            }
            ByteString spoilt = ByteString.copyFrom(bytes);
            String text = scan(spoilt);
            if (text != null) {
                scanned++;
                assertThat(text).as("run %d", run).isEqualTo(read(spoilt));
            }
        }
        assertThat(scanned).isBetween(10_000, 190_000);
    }

    private static byte[] spoilt(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        byte[] spoilt = Arrays.copyOf(bytes, bytes.length + random.nextInt(2));
        if (spoilt.length > bytes.length) {
            System.arraycopy(bytes, at, spoilt, at + 1, bytes.length - at);
        } else {
            spoilt[at] ^= (byte) (1 << random.nextInt(8));
        }
        return spoilt;
    }

    private static @Nullable String scanned(InsertRecord record) {
        return scan(record.toByteString());
    }

    private static @Nullable String scan(ByteString record) {
        StructScan.Scanned scanned = StructScan.record(record);
        return scanned == null ? null : scanned.data().text();
    }

    /** Null if something is wrong with it. */
    private static @Nullable String read(ByteString record) throws Exception {
        Violations violations = new Violations();
        Struct struct = CandidateDecoder.parse(record).getData();
        String text = StructReader.read(struct, "records[0].data", violations).text();
        return violations.isEmpty() ? text : null;
    }
}
