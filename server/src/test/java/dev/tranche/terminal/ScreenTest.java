package dev.tranche.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.v1.BatchState;
import dev.tranche.v1.ErrorReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final Paper paper = new Paper();

    @Test
    void alignsWordsLeftAndNumbersRight() {
        paper.screen(false)
                .table(
                        List.of(
                                List.of("call", "items", "outcome"),
                                List.of("a", "1,000", "FAILED"),
                                List.of("longer", "2", "READ")));

        assertThat(paper.lines())
                .containsExactly(
                        "   call    items  outcome",
                        "   a       1,000  FAILED",
                        "   longer      2  READ");
    }

    @Test
    void writesNoControlCharactersWhereNobodyWatches() {
        paper.screen(false).heading("1  Heading");

        assertThat(paper.lines()).containsExactly("", "1  Heading", "");
    }

    @Test
    void namesEnumValuesWithoutTheirEnum() {
        assertThat(Screen.name(BatchState.BATCH_STATE_FAILED)).isEqualTo("FAILED");
        assertThat(Screen.name(ErrorReason.ERROR_REASON_SCHEMA_VIOLATION))
                .isEqualTo("SCHEMA_VIOLATION");
    }

    @Test
    void writesTimesAndCountsForPeople() {
        assertThat(Screen.time(Duration.ofMillis(999))).isEqualTo("999 ms");
        assertThat(Screen.time(Duration.ofMillis(1_234))).isEqualTo("1.2 s");
        assertThat(Screen.count(26_115)).isEqualTo("26,115");
    }
}
