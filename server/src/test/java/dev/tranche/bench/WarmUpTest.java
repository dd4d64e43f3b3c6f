package dev.tranche.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.bench.WarmUp.Round;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private int runs;

    @Test
    void endsAfterThreeRunsInARowWithHardlyACompiler() throws Exception {
        warmUp(new WarmUp(Duration.ofMinutes(1)), 900, 500, 49, 49, 50, 0, 49, 20, 900);
        assertThat(runs).isEqualTo(8);
    }

    @Test
    void goesOnWhileACompilerIsAtWork() throws Exception {
        warmUp(new WarmUp(Duration.ofMinutes(1)), 900, 0, 0, 900, 0, 0, 50);
        assertThat(runs).isEqualTo(60);
    }

    @Test
    void eachTakesNoLongerThanAllowedButHasARun() throws Exception {
        WarmUp warmUp = new WarmUp(Duration.ofMillis(1500));
        warmUp(warmUp, 900);
        assertThat(runs).isEqualTo(2);
        warmUp(warmUp, 900);
        assertThat(runs).isEqualTo(2 + 2);
        warmUp(new WarmUp(Duration.ofMillis(1)), 0);
        assertThat(runs).isEqualTo(2 + 2 + 1);
    }

    /** Runs of a second, for so many thousandths of which a compiler works, the last one again and again. */
    private void warmUp(WarmUp warmUp, Integer... compiling) throws Exception {
        List<Integer> times = List.of(compiling);
        int before = runs;
        warmUp.of(() -> {
            int run = Math.min(runs++ - before, times.size() - 1);
            return new Round(Duration.ofSeconds(1), Duration.ofMillis(times.get(run)));
        });
    }
}
