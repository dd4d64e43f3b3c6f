package dev.tranche.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.e2e.Rival.Change;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What holds when several callers, of two servers, change the same things at the same moment. System
 * properties give other numbers, of all callers together: {@code tranche.test.concurrent-batches} and
 * {@code tranche.test.pattern-runs}; and the {@code tranche.test.seed}.
 */
class RivalsTest {
    private static final Logger LOG = LoggerFactory.getLogger(RivalsTest.class);
    private static final int CLIENTS = 8;
    private static final int BATCHES = Integer.getInteger("tranche.test.concurrent-batches", 500);
    private static final int PATTERN_RUNS = Integer.getInteger("tranche.test.pattern-runs", 100);
    private static final long SEED = Long.getLong("tranche.test.seed", new Random().nextLong());
    private static final int MINUTES_MAX = 60;

    /** The machine may be slow; that is not what is asked here. */
    private static final String[] PATIENT = {"--transaction-time-max=20s", "--lease=30s"};

    private static TestServer server;
    private static TestServer other;
    private String workspace;

    /** What one of the callers does. */
    private interface Work<T> {
        T by(Caller caller, int client) throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(PATIENT);
        other = server.another(PATIENT);
    }

    @AfterAll
    static void stop() throws Exception {
        other.close();
        server.close();
    }

    @BeforeEach
    void enter() throws Exception {
        workspace = Caller.of(server).workspace();
    }

    @Test
    void loseNoUpdateAndLeaveNothingHalf() throws Exception {
        LOG.info("-Dtranche.test.concurrent-batches={} -Dtranche.test.seed={}", BATCHES, SEED);
        Caller owner = new Caller(server, workspace);
        owner.execute(Ops.collection(Rival.MARKS));
        for (String collection : Rival.COLLECTIONS) {
            owner.execute(Rival.definition(collection, 1));
        }
        List<Rival> rivals =
                fromEach((caller, client) -> {
                    Rival rival = new Rival(caller, "c" + client, new Random(SEED + client));
                    rival.send(share(BATCHES, client));
                    return rival;
                });
        LOG.info("{} batches stand", rivals.stream().mapToInt(Rival::standing).sum());
        assertHistory(rivals.stream().flatMap(rival -> rival.changes().stream()).toList());
        assertThat(texts(TWINS)).as("values that two records have").isEmpty();
        assertThat(texts(ORPHANS)).as("keys that are nobody's").isEmpty();
        assertThat(texts(KEYLESS)).as("records without a key they should have").isEmpty();
        assertThat(texts(DANGLING)).as("links without one of their ends").isEmpty();
        assertThat(texts(ASTRAY)).as("records that point at nothing").isEmpty();
        assertThat(texts(UNNOTED)).as("records of which nobody knows that they point").isEmpty();
    }

    /**
     * Every version was told once, and each record is as its last change left it. Nothing else is
     * there: what a refused batch wrote first or last would be.
     */
    private void assertHistory(List<Change> changes) throws Exception {
        Map<String, List<Change>> histories =
                changes.stream()
                        .sorted(Comparator.comparingLong(Change::version))
                        .collect(Collectors.groupingBy(Change::record));
        List<String> last = new ArrayList<>();
        histories.forEach((record, history) -> {
            assertThat(history)
                    .as("versions of %s", record)
                    .extracting(Change::version)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, history.size()).boxed().toList());
            last.add(record + " " + history.size() + " " + history.getLast().stamp());
        });
        assertThat(texts(RECORDS)).containsExactlyInAnyOrderElementsOf(last);
    }

    /** Used to deadlock: the insert shares the collection that the change then wants alone. */
    @Test
    void insertIntoACollectionAndThenChangeItWithoutAConflict() throws Exception {
        new Caller(server, workspace).execute(Rival.definition("items", 1));
        fromEach((caller, client) -> {
            caller.execute(Ops.create("items", client + "-0", "{}"));
            for (int run = 1; run <= share(PATTERN_RUNS, client); run++) {
                caller.execute(
                        Ops.delete("items", client + "-" + (run - 1)),
                        Ops.create("items", client + "-" + run, "{\"n\":%d}".formatted(client)),
                        Rival.definition("items", run % Rival.DEFINITIONS));
            }
            return caller;
        });
        assertThat(texts(ORPHANS)).isEmpty();
        assertThat(texts(KEYLESS)).isEmpty();
    }

    /** Used to deadlock: the link shares the record that the update then wants alone. */
    @Test
    void linkToARecordAndThenUpdateItWithoutAConflict() throws Exception {
        Caller owner = new Caller(server, workspace);
        owner.execute(Ops.collection("items"), Ops.create("items", "hub", "{}"));
        fromEach((caller, client) -> {
            String own = "own-" + client;
            caller.execute(Ops.create("items", own, "{}"));
            for (int run = 0; run < share(PATTERN_RUNS, client); run++) {
                String data = "{\"by\":\"%d-%d\"}".formatted(client, run);
                caller.execute(
                        Ops.link("to-" + run, "items", own, "hub"),
                        Ops.update("items", "hub", data));
            }
            return caller;
        });
        assertThat(owner.read("items", "hub").getVersion()).isEqualTo(1 + PATTERN_RUNS);
        assertThat(texts(LINKS)).containsExactly(String.valueOf(PATTERN_RUNS));
    }

    /** What one of the callers does of all there is to do. */
    private static int share(int all, int client) {
        return (all + client) / CLIENTS;
    }

    /** Half of them call one server, half the other. */
    private <T> List<T> fromEach(Work<T> work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> clients =
                    IntStream.range(0, CLIENTS)
                            .mapToObj(client -> {
                                Caller caller =
                                        new Caller(client % 2 == 0 ? server : other, workspace);
                                return threads.submit(() -> work.by(caller, client));
                            })
                            .toList();
            List<T> all = new ArrayList<>();
            for (Future<T> client : clients) {
                all.add(client.get(MINUTES_MAX, TimeUnit.MINUTES));
            }
            return all;
        }
    }

    private static final String OF_WORKSPACE =
            " JOIN workspace w ON w.id = c.workspace_id AND w.name = ? ";

    private static final String RECORDS =
            "SELECT CONCAT(c.name, '/', r.id, ' ', r.version, ' ',"
                    + " IF(r.deleted_at IS NULL, JSON_VALUE(r.data, '$.by'), ''))"
                    + " FROM record r JOIN collection c ON c.id = r.collection_id"
                    + OF_WORKSPACE;

    /** Live records and the values that their collection wants unique. */
    private static final String VALUES =
            "(SELECT r.collection_id, r.id, n.number, n.name,"
                    + " JSON_VALUE(r.data, CONCAT('$.', JSON_VALUE(n.fields, '$[0]'))) AS value"
                    + " FROM record r JOIN collection c ON c.id = r.collection_id"
                    + OF_WORKSPACE
                    + " JOIN collection_constraint n"
                    + " ON n.collection_id = c.id AND n.retired_at IS NULL"
                    + " WHERE r.deleted_at IS NULL HAVING value IS NOT NULL) v";

    private static final String TWINS =
            "SELECT CONCAT(v.name, ' ', v.value) FROM "
                    + VALUES
                    + " GROUP BY v.collection_id, v.number, v.value HAVING COUNT(*) > 1";

    private static final String KEYLESS =
            "SELECT CONCAT(v.name, ' of ', v.id) FROM "
                    + VALUES
                    + " LEFT JOIN record_key k ON k.collection_id = v.collection_id"
                    + " AND k.constraint_no = v.number AND k.record_id = v.id"
                    + " WHERE k.record_id IS NULL";

    /** Of constraints that are in force; nobody looks at the others' again. */
    private static final String ORPHANS =
            "SELECT CONCAT(k.record_id, ' ', k.constraint_no) FROM record_key k"
                    + " JOIN collection c ON c.id = k.collection_id"
                    + OF_WORKSPACE
                    + " JOIN collection_constraint n ON n.collection_id = k.collection_id"
                    + " AND n.number = k.constraint_no AND n.retired_at IS NULL"
                    + " LEFT JOIN record r ON r.collection_id = k.collection_id"
                    + " AND r.id = k.record_id AND r.deleted_at IS NULL"
                    + " AND LOCATE(k.key_hash, r.key_hashes) > 0"
                    + " WHERE r.id IS NULL";

    private static final String DANGLING =
            "SELECT CONCAT(l.source_id, ' ', l.target_id) FROM relationship l"
                    + " JOIN collection c ON c.id = l.source_collection_id"
                    + OF_WORKSPACE
                    + " LEFT JOIN record s ON s.collection_id = l.source_collection_id"
                    + " AND s.id = l.source_id AND s.deleted_at IS NULL"
                    + " LEFT JOIN record t ON t.collection_id = l.target_collection_id"
                    + " AND t.id = l.target_id AND t.deleted_at IS NULL"
                    + " WHERE s.id IS NULL OR t.id IS NULL";

    /** Live records that point at something by a reference in force, and at what. */
    private static final String POINTERS =
            "(SELECT r.collection_id, r.id, n.number, n.target_id AS target_collection_id,"
                    + " JSON_VALUE(r.data, CONCAT('$.', n.field)) AS target_id"
                    + " FROM record r JOIN collection c ON c.id = r.collection_id"
                    + OF_WORKSPACE
                    + " JOIN collection_reference n"
                    + " ON n.collection_id = c.id AND n.retired_at IS NULL"
                    + " WHERE r.deleted_at IS NULL HAVING target_id IS NOT NULL) p";

    private static final String ASTRAY =
            "SELECT CONCAT(p.id, ' ', p.target_id) FROM "
                    + POINTERS
                    + " LEFT JOIN record t ON t.collection_id = p.target_collection_id"
                    + " AND t.id = p.target_id AND t.deleted_at IS NULL WHERE t.id IS NULL";

    private static final String UNNOTED =
            "SELECT CONCAT(p.id, ' ', p.target_id) FROM "
                    + POINTERS
                    + " LEFT JOIN record_reference o ON o.collection_id = p.collection_id"
                    + " AND o.record_id = p.id AND o.number = p.number"
                    + " AND o.target_id = p.target_id WHERE o.record_id IS NULL";

    private static final String LINKS =
            "SELECT COUNT(*) FROM relationship l JOIN collection c"
                    + " ON c.id = l.source_collection_id"
                    + OF_WORKSPACE;

    /** The first column of what a query finds in the workspace. */
    private List<String> texts(String query) throws Exception {
        try (Connection connection = server.connection();
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, workspace);
            List<String> texts = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    texts.add(found.getString(1));
                }
            }
            return texts;
        }
    }
}
