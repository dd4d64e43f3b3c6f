package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tranche.server.e2e.Cut.Place;
import dev.tranche.server.e2e.FragileServer.Uncut;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * What callers can rely on when the connection to the database breaks before or after whichever packet
 * of a batch: what they are told is what the database holds, and a repeated batch is done once. Every
 * ninth place is tried (every 39th if the database then stays away), and those around COMMIT;
 * {@code -Dtranche.test.cuts=all} tries all.
 */
class CutConnectionsTest {
    private static final boolean ALL = "all".equals(System.getProperty("tranche.test.cuts"));

    /** Odd, so that both sides of packets have their turn. */
    private static final int ONE_IN = 9;

    private static final int ONE_IN_WHEN_AWAY = 39;
    private static final int SERVERS = 3;
    private static final int MINUTES_MAX = 30;

    /** To them each broken connection is worth a warning. */
    private static final List<Logger> WARNING =
            Stream.of("com.zaxxer.hikari", "dev.tranche.server.transport.Exchange")
                    .map(name -> (Logger) LoggerFactory.getLogger(name))
                    .toList();

    private static final List<FragileServer> SERVING = new ArrayList<>();
    private static TestServer direct;

    /** They spend much of their time waiting for the database, so there are several. */
    @BeforeAll
    static void start() throws Exception {
        WARNING.forEach(logger -> logger.setLevel(Level.ERROR));
        direct = TestServer.start();
        for (int i = 0; i < SERVERS; i++) {
            SERVING.add(FragileServer.before(direct));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (FragileServer server : SERVING) {
            server.close();
        }
        direct.close();
        WARNING.forEach(logger -> logger.setLevel(null));
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, true", "true, false"})
    void knowsWhatBecameOfABatchWhoseConnectionWasCut(boolean keyed, boolean prepared)
            throws Exception {
        Uncut whole = SERVING.getFirst().uncut(keyed, prepared);
        assertThat(truths(cuts(whole, ONE_IN), whole))
                .contains("", "DATABASE_UNAVAILABLE")
                .doesNotContain("OUTCOME_UNKNOWN");
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, true", "true, false"})
    void tellsNothingWrongWhenTheDatabaseStaysAway(boolean keyed, boolean prepared)
            throws Exception {
        Uncut whole = SERVING.getFirst().uncut(keyed, prepared);
        List<Cut> cuts = cuts(whole, ONE_IN_WHEN_AWAY).stream().map(Cut::andStaysAway).toList();
        assertThat(truths(cuts, whole)).contains("DATABASE_UNAVAILABLE", "OUTCOME_UNKNOWN");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void doesNotKnowAsLongAsCommitIsOnItsWay(boolean keyed) throws Exception {
        Uncut whole = SERVING.getFirst().uncut(keyed, true);
        Cut cut = Cut.at(whole.commit(), Place.HELD);
        assertThat(SERVING.getFirst().truthAfter(cut, whole)).isEqualTo("OUTCOME_UNKNOWN");
    }

    private static List<Cut> cuts(Uncut whole, int oneIn) {
        List<Cut> cuts = new ArrayList<>();
        int number = 0;
        for (int packet = 1; packet <= whole.packets(); packet++) {
            boolean always = ALL || packet == whole.commit() || packet == whole.commit() + 1;
            for (Place place : List.of(Place.BEFORE, Place.AFTER)) {
                if (always || number++ % oneIn == 0) {
                    cuts.add(Cut.at(packet, place));
                }
            }
        }
        return cuts;
    }

    /** What the callers of batches with these cuts were told, which was true. */
    private static Collection<String> truths(List<Cut> cuts, Uncut whole) throws Exception {
        Queue<Cut> left = new ConcurrentLinkedQueue<>(cuts);
        Queue<String> truths = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (FragileServer server : SERVING) {
                all.add(
                        threads.submit(() -> {
                            for (Cut cut = left.poll(); cut != null; cut = left.poll()) {
                                truths.add(server.truthAfter(cut, whole));
                            }
                            return null;
                        }));
            }
            for (Future<?> one : all) {
                one.get(MINUTES_MAX, TimeUnit.MINUTES);
            }
        }
        return truths;
    }
}
