package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import dev.tranche.server.schema.InvalidJsonException;
import dev.tranche.server.schema.Json;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DocumentsTest {

    @Test
    void writesEveryTypeOfJson() throws InvalidJsonException {
        Struct struct =
                Objects.requireNonNull(
                        Documents.struct(
                                Json.parse(
                                        "{\"a\":[1,\"é\",true,null,{\"b\":-0.5}],\"c\":{},\"d\":[]}")));

        assertThat(struct.getFieldsOrThrow("a").getListValue().getValuesCount()).isEqualTo(5);
        assertThat(
                        struct.getFieldsOrThrow("a")
                                .getListValue()
                                .getValues(4)
                                .getStructValue()
                                .getFieldsOrThrow("b")
                                .getNumberValue())
                .isEqualTo(-0.5);
        assertThat(struct.getFieldsOrThrow("a").getListValue().getValues(3).hasNullValue())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "90",
                "1.0",
                "0.1",
                "-1.5e-7",
                "9007199254740991",
                "-9007199254740991",
                "1e3",
                "3.141592653589793"
            })
    void writesNumbersThatADoubleHolds(String number) throws InvalidJsonException {
        Struct struct =
                Objects.requireNonNull(Documents.struct(Json.parse("{\"n\":" + number + "}")));

        assertThat(struct.getFieldsOrThrow("n").getNumberValue())
                .isEqualTo(Double.parseDouble(number) + 0.0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740992",
                "-9007199254740992",
                "9007199254740993",
                "1e300",
                "1e999",
                "1e-999",
                "0.1234567890123456789",
                "3.1415926535897932384626",
                "123456789012345678901234567890"
            })
    void writesNoNumberThatADoubleRounds(String number) throws InvalidJsonException {
        assertThat(Documents.struct(Json.parse("{\"a\":[{\"n\":" + number + "}]}"))).isNull();
    }
}
