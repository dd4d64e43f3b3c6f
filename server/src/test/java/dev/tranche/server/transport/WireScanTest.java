package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.tranche.v1.InsertRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is waved through without a parser must be what the parser takes. */
class WireScanTest {
    private static final InsertRecord TEXT =
            InsertRecord.newBuilder().setId("é-1").setDataJson("{\"n\":\"ü\"}").build();

    @Test
    void whatCallersSendPasses() {
        assertThat(passes(TEXT.toByteString())).isTrue();
        assertThat(passes(WireRecords.ofEveryKind().toByteString())).isTrue();
        assertThat(passes(ByteString.EMPTY)).isTrue();
    }

    @Test
    void textThatIsNotUtf8IsLeftToTheParser() {
        assertThat(passes(field(2, new byte[] {'a', (byte) 0xC3}))).isFalse();
        assertThat(passes(field(InsertRecord.DATA_JSON_FIELD_NUMBER, new byte[] {(byte) 0xFF})))
                .isFalse();
    }

    @Test
    void fieldsThatAreUnknownOrOfAnotherTypeAreLeftToTheParser() {
        assertThat(passes(field(999, "x".getBytes(StandardCharsets.UTF_8)))).isFalse();
        UnknownFieldSet number =
                UnknownFieldSet.newBuilder()
                        .addField(
                                InsertRecord.DATA_JSON_FIELD_NUMBER,
                                UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                        .build();
        assertThat(passes(number.toByteString())).isFalse();
    }

    @Test
    void messagesThatBreakOffAreLeftToTheParser() {
        ByteString whole = WireRecords.ofEveryKind().toByteString();
        for (int length = 1; length < whole.size(); length++) {
            ByteString part = whole.substring(0, length);
            if (passes(part)) {
                assertThatCode(() -> CandidateDecoder.parse(part)).doesNotThrowAnyException();
            }
        }
        assertThat(passes(whole.substring(0, whole.size() - 1))).isFalse();
    }

    @Test
    void nestingEndsWhereTheParsersEnds() throws IOException {
        int deepest = 1;
        while (isParsed(WireRecords.nested(deepest + 1))) {
            deepest++;
        }
        assertThat(passes(WireRecords.nested(deepest + 1))).isFalse();
        assertThat(passes(WireRecords.nested(30))).isTrue();
    }

    /** Bytes replaced, left out, doubled: of what passes the parser refuses nothing. */
    @Test
    void whateverPassesIsParsed() {
        Random random = new Random(20_261_124);
        int passed = 0;
        for (int run = 0; run < 200_000; run++) {
            byte[] bytes =
                    (random.nextBoolean() ? TEXT : WireRecords.ofEveryKind())
                            .toByteString()
                            .toByteArray();
            for (int fault = random.nextInt(3); fault >= 0; fault--) {
                bytes = spoilt(bytes, random);
            }
            ByteString spoilt = ByteString.copyFrom(bytes);
            if (passes(spoilt)) {
                passed++;
                assertThatCode(() -> CandidateDecoder.parse(spoilt))
                        .as("run %d", run)
                        .doesNotThrowAnyException();
            }
        }
        assertThat(passed).isBetween(10_000, 190_000);
    }

    private static byte[] spoilt(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, Math.max(1, at));
            case 1 -> {
                byte[] changed = bytes.clone();
                changed[at] = (byte) random.nextInt(256);
                yield changed;
            }
            case 2 -> {
                byte[] changed = bytes.clone();
                changed[at] ^= (byte) (1 << random.nextInt(8));
                yield changed;
            }
            default -> {
                byte[] doubled = Arrays.copyOf(bytes, bytes.length + 1);
                System.arraycopy(bytes, at, doubled, at + 1, bytes.length - at);
                yield doubled;
            }
        };
    }

    private static ByteString field(int number, byte[] bytes) {
        UnknownFieldSet.Field field =
                UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(ByteString.copyFrom(bytes))
                        .build();
        return UnknownFieldSet.newBuilder().addField(number, field).build().toByteString();
    }

    private static boolean passes(InsertRecord record) {
        return passes(record.toByteString());
    }

    private static boolean passes(ByteString bytes) {
        return WireScan.isSurely(InsertRecord.getDescriptor(), bytes);
    }

    private static boolean isParsed(InsertRecord record) throws IOException {
        try {
            return CandidateDecoder.parse(record.toByteString()).equals(record);
        } catch (InvalidProtocolBufferException tooDeep) {
            return false;
        }
    }
}
