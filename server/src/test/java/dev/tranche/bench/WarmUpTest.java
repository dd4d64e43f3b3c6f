package dev.tranche.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private int runs;

    @Test
    void endsAfterEightRunsNoneOfWhichWasFaster() throws Exception {
        warmUp(
                new WarmUp(Duration.ofMinutes(1)),
                1000,
                700,
                500,
                490,
                600,
                495,
                510,
                520,
                505,
                500,
                499,
                100);
        assertThat(runs).isEqualTo(11);
    }

    @Test
    void goesOnWhileRunsBecomeFaster() throws Exception {
        warmUp(new WarmUp(Duration.ofMinutes(1)), 1000, 960, 920, 880, 840, 800);
        assertThat(runs).isEqualTo(14);
    }

    @Test
    void eachTakesNoLongerThanAllowedButHasARun() throws Exception {
        WarmUp warmUp = new WarmUp(Duration.ofMillis(1500));
        warmUp(warmUp, 1000, 500, 250);
        assertThat(runs).isEqualTo(2);
        warmUp(warmUp, 800, 400, 299, 250);
        assertThat(runs).isEqualTo(2 + 4);
        warmUp(warmUp, 1600);
        assertThat(runs).isEqualTo(2 + 4 + 1);
    }

    /** Runs that take so long, the last one again and again. */
    private void warmUp(WarmUp warmUp, Integer... millis) throws Exception {
        List<Integer> times = List.of(millis);
        int before = runs;
        warmUp.of(() -> {
            int run = Math.min(runs++ - before, times.size() - 1);
            return Duration.ofMillis(times.get(run));
        });
    }
}
