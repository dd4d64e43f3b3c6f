package dev.tranche.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OfferAnswerTest {
    private static final List<String> ROWS = List.of("a", "b", "c", "d");

    @Test
    void namesTheRowsThatWereLeftOut() {
        assertThat(new OfferAnswer(2, "1,4").leftOut(ROWS)).containsExactly("a", "d");
        assertThat(new OfferAnswer(0, "1,2,3,4").leftOut(ROWS)).isEqualTo(ROWS);
        assertThat(new OfferAnswer(4, "").leftOut(ROWS)).isEmpty();
    }

    /** Fewer warnings than rows left out, of another command, about one row twice, or about none. */
    @ParameterizedTest
    @CsvSource({"1, '1,4'", "2, ''", "2, '2,2'", "3, '5'", "3, '0'", "1, '1,2,3,4'"})
    void namesAllRowsIfItIsNotSure(long inserted, String positions) {
        assertThat(new OfferAnswer(inserted, positions).leftOut(ROWS)).isEqualTo(ROWS);
    }
}
