package dev.tranche.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitTest {
    @ParameterizedTest
    @CsvSource({"0B,0", "1023B,1023", "1KiB,1024", "16MiB,16777216", "3GiB,3221225472"})
    void writesSizesWithTheirLargestSuffixAndReadsThemAgain(String text, long bytes) {
        assertThat(Unit.BYTES.text(bytes)).isEqualTo(text);
        assertThat(Unit.BYTES.parse(text)).isEqualTo(bytes);
        assertThat(Unit.BYTES.parse(Long.toString(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "0ms,0",
        "1500ms,1500",
        "3s,3000",
        "90s,90000",
        "2min,120000",
        "23h,82800000",
        "1d,86400000",
        "7d,604800000"
    })
    void writesTimesWithTheirLargestSuffixAndReadsThemAgain(String text, long millis) {
        assertThat(Unit.TIME.text(millis)).isEqualTo(text);
        assertThat(Unit.TIME.parse(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "s", "10", "-1s", "1 s", "1S", "1.5s", "1s1s", "1w", "+1s"})
    void refusesTimesInAnotherForm(String text) {
        assertThatThrownBy(() -> Unit.TIME.parse(text)).isInstanceOf(NumberFormatException.class);
    }

    @Test
    void refusesWhatDoesNotFitALong() {
        assertThat(Unit.BYTES.parse("8589934591GiB")).isPositive();
        assertThatThrownBy(() -> Unit.BYTES.parse("8589934592GiB"))
                .isInstanceOf(NumberFormatException.class);
        assertThatThrownBy(() -> Unit.COUNT.parse("1".repeat(19)))
                .isInstanceOf(NumberFormatException.class);
    }
}
