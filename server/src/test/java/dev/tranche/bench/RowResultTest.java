package dev.tranche.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.bench.Goal.RatioAtLeast;
import dev.tranche.bench.Goal.RatioAtMost;
import dev.tranche.bench.Goal.SecondsAtMost;
import dev.tranche.bench.Goal.SecondsMoreAtMost;
import dev.tranche.bench.Row.Group;
import dev.tranche.bench.RowResult.Side;
import dev.tranche.bench.RowResult.Verdict;
import dev.tranche.bench.Sample.Metric;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RowResultTest {
    private static final Goal NONE = new Goal.Unset();

    @Test
    void dividesTheMediansOfItsRounds() {
        RowResult result =
                perSecond(new RatioAtLeast(0.85), side(100_000, 70_000, 90_000), side(81_000));
        assertThat(result.baselineMedian()).isEqualTo(90_000);
        assertThat(result.ratio()).isEqualTo(0.9);
        assertThat(result.verdict()).isEqualTo(Verdict.MET);
    }

    @Test
    void missesAGoal() {
        RowResult result = perSecond(new RatioAtLeast(0.85), side(90_000), side(45_000));
        assertThat(result.verdict()).isEqualTo(Verdict.MISSED);
        assertThat(result.slowBaseline()).isNull();
    }

    @Test
    void isVoidIfTheLoaderIsSlow() {
        RowResult result = perSecond(new RatioAtLeast(0.85), side(59_000), side(59_000));
        assertThat(result.verdict()).isEqualTo(Verdict.VOID);
        assertThat(result.slowBaseline())
                .isEqualTo("slow baseline: 59,000 records/s, at least 60,000 records/s needed");
        assertThat(perSecond(NONE, side(60_000), side(1)).verdict()).isEqualTo(Verdict.NONE);
    }

    @Test
    void isVoidIfTheTransactionIsSlow() {
        Goal goal = new RatioAtMost(1.5);
        assertThat(millis(goal, 6.1, 6.1).verdict()).isEqualTo(Verdict.VOID);
        assertThat(millis(goal, 6, 9).verdict()).isEqualTo(Verdict.MET);
        assertThat(millis(goal, 6, 9.1).verdict()).isEqualTo(Verdict.MISSED);
    }

    @Test
    void knowsGoalsThatAreNoRatios() {
        assertThat(new SecondsAtMost(2).isMet(0.1, 2)).isTrue();
        assertThat(new SecondsAtMost(2).isMet(9, 2.1)).isFalse();
        assertThat(new SecondsMoreAtMost(6).isMet(3, 9)).isTrue();
        assertThat(new SecondsMoreAtMost(6).isMet(3, 9.5)).isFalse();
        assertThat(
                        Stream.of(
                                        new RatioAtLeast(0.85),
                                        new RatioAtMost(2),
                                        new SecondsAtMost(2),
                                        new SecondsMoreAtMost(6),
                                        NONE)
                                .map(Goal::text))
                .containsExactly("ratio >= 0.85", "ratio <= 2", "<= 2 s", "<= 6 s more", "");
    }

    @Test
    void sharesTheTimeOfTheProcessorsAmongTheItems() {
        Sample sample =
                new Sample(Work.of(1_000), Duration.ofSeconds(1), Duration.ofMillis(20), null);
        assertThat(sample.serverCpuMicros()).isEqualTo(20);
        assertThat(sample.databaseCpuMicros()).isNull();
        assertThat(sample.figure(Metric.MICROS_PER_ITEM)).isEqualTo(1_000);
        assertThat(new Side("", List.of(sample)).median(Sample::databaseCpuMicros)).isNull();
    }

    private static RowResult perSecond(Goal goal, Side baseline, Side variant) {
        return result(Metric.ITEMS_PER_SECOND, Worth.LOADER, goal, baseline, variant);
    }

    private static RowResult millis(Goal goal, double baseline, double variant) {
        return result(Metric.P50_MILLIS, Worth.TRANSACTION, goal, timed(baseline), timed(variant));
    }

    private static RowResult result(
            Metric metric, Worth worth, Goal goal, Side baseline, Side variant) {
        Row.Casting nobody =
                stage -> {
                    throw new IllegalStateException("nobody runs");
                };
        Row row = new Row(Group.INSERT, "row", true, "record", metric, nobody, nobody, goal, worth);
        return new RowResult(row, baseline, variant);
    }

    /** One whose rounds took a second each. */
    private static Side side(long... items) {
        return new Side(
                "side",
                Arrays.stream(items)
                        .mapToObj(count ->
                                new Sample(Work.of(count), Duration.ofSeconds(1), null, null))
                        .toList());
    }

    private static Side timed(double latencyMillis) {
        Work work = new Work(300, Collections.nCopies(3, latencyMillis));
        return new Side("side", List.of(new Sample(work, Duration.ofSeconds(1), null, null)));
    }
}
