package dev.tranche.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeriesTest {
    @Test
    void hasTheMiddleOneAsItsMedianWhateverTheOrder() {
        assertThat(new Series(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
        assertThat(new Series(List.of(7.0)).median()).isEqualTo(7);
    }

    @Test
    void takesTheMeanOfTheTwoInTheMiddle() {
        assertThat(new Series(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
    }

    @Test
    void findsThePercentileThatSoManyDoNotExceed() {
        Series hundred =
                new Series(
                        IntStream.rangeClosed(1, 100).asDoubleStream().boxed().toList().reversed());
        assertThat(hundred.percentile(50)).isEqualTo(50);
        assertThat(hundred.percentile(99)).isEqualTo(99);
        assertThat(hundred.percentile(100)).isEqualTo(100);
        assertThat(new Series(List.of(1.0, 2.0)).percentile(99)).isEqualTo(2);
        assertThat(new Series(List.of(3.0)).percentile(0.1)).isEqualTo(3);
    }

    @Test
    void refusesWhatHasNoMeaning() {
        assertThatThrownBy(() -> new Series(List.of())).hasMessageContaining("0 given");
        Series one = new Series(List.of(1.0));
        assertThatThrownBy(() -> one.percentile(0)).hasMessageContaining("above 0 to 100");
        assertThatThrownBy(() -> one.percentile(101)).hasMessageContaining("above 0 to 100");
    }
}
