package dev.tranche.server.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the janitor goes about its work. */
class JanitorTest {
    private static final Retention RETENTION =
            new Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(30));
    private static final Janitor.Pace FAST =
            new Janitor.Pace(Duration.ofMillis(1), Duration.ZERO, 7);

    /** Says what it is asked for, and answers as it is told. */
    private static final class Script implements Remains {
        private final BlockingQueue<Leftover> asked = new LinkedBlockingQueue<>();
        private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();

        @Override
        public Step remove(Leftover kind, Retention retention, Tenure tenure, int rowsMax) {
            assertThat(retention).isEqualTo(RETENTION);
            assertThat(rowsMax).isEqualTo(7);
            asked.add(kind);
            Object answer = answers.poll();
            if (answer instanceof CallFailure failure) {
                throw failure;
            }
            return answer instanceof Step step ? step : new Step(true, 0);
        }

        List<Leftover> first(int count) throws InterruptedException {
            List<Leftover> first = new ArrayList<>();
            while (first.size() < count) {
                Leftover next = asked.poll(10, TimeUnit.SECONDS);
                assertThat(next).as("asked for something within 10 s").isNotNull();
                first.add(next);
            }
            return first;
        }
    }

    @Test
    void goesThroughAllKindsAndRepeatsWhatIsNotDone() throws Exception {
        Script script = new Script();
        script.answers.add(new Remains.Step(true, 7));
        script.answers.add(new Remains.Step(true, 1));
        try (Janitor janitor = Janitor.start(script, RETENTION, FAST)) {
            assertThat(janitor).isNotNull();
            assertThat(script.first(9))
                    .containsExactly(
                            Leftover.PAYLOADS,
                            Leftover.PAYLOADS,
                            Leftover.PAYLOADS,
                            Leftover.OLD_ACCOUNTS,
                            Leftover.DELETED_ACCOUNTS,
                            Leftover.RECORDS,
                            Leftover.COLLECTIONS,
                            Leftover.WORKSPACES,
                            Leftover.PAYLOADS);
        }
    }

    @Test
    void leavesTheRoundToWhoeverHasTheLease() throws Exception {
        Script script = new Script();
        script.answers.add(new Remains.Step(false, 0));
        script.answers.add(new Remains.Step(true, 0));
        script.answers.add(new Remains.Step(false, 0));
        try (Janitor janitor = Janitor.start(script, RETENTION, FAST)) {
            assertThat(janitor).isNotNull();
            assertThat(script.first(4))
                    .containsExactly(
                            Leftover.PAYLOADS,
                            Leftover.PAYLOADS,
                            Leftover.OLD_ACCOUNTS,
                            Leftover.PAYLOADS);
        }
    }

    @Test
    void triesAgainAfterAFault() throws Exception {
        Script script = new Script();
        script.answers.add(new CallFailure(new Failure.OutcomeUnknown(false)));
        script.answers.add(new CallFailure(new Failure.OutcomeUnknown(false)));
        try (Janitor janitor = Janitor.start(script, RETENTION, FAST)) {
            assertThat(janitor).isNotNull();
            assertThat(script.first(4))
                    .containsExactly(
                            Leftover.PAYLOADS,
                            Leftover.PAYLOADS,
                            Leftover.PAYLOADS,
                            Leftover.OLD_ACCOUNTS);
        }
    }

    @Test
    void endsWhenItIsClosedAlsoInAPause() throws Exception {
        Script script = new Script();
        script.answers.add(new Remains.Step(true, 1));
        Janitor janitor =
                Janitor.start(
                        script,
                        RETENTION,
                        new Janitor.Pace(Duration.ofMillis(1), Duration.ofHours(1), 7));
        script.first(1);
        janitor.close();
        assertThat(script.asked).isEmpty();
    }
}
