package dev.tranche.server.model;

import static org.assertj.core.api.Assertions.fail;

import dev.tranche.server.e2e.TestServer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Generated inserts, run by the server and by the model: results, errors and all that is stored have
 * to agree after each. The system properties {@code tranche.test.model-inserts} and {@code
 * tranche.test.model-seed} say how many and which.
 */
class InsertModelTest {
    private static final int INSERTS = Integer.getInteger("tranche.test.model-inserts", 150);
    private static final long SEED = Long.getLong("tranche.test.model-seed", 5);

    /** Then a fresh workspace. */
    private static final int WORKSPACE_INSERTS = 15;

    /** Then it is enough. */
    private static final int DISAGREEMENTS_MAX = 3;

    @Test
    void insertsAsTheContractSays() throws Exception {
        List<String> disagreements = new ArrayList<>();
        try (TestServer server =
                        TestServer.start("--chunk-records-max=5", "--transaction-time-max=10s");
                Connection connection = server.connection()) {
            for (int first = 0;
                    first < INSERTS && disagreements.size() < DISAGREEMENTS_MAX;
                    first += WORKSPACE_INSERTS) {
                String found = runWorkspace(server, connection, first);
                if (found != null) {
                    disagreements.add(found);
                }
            }
        }
        if (!disagreements.isEmpty()) {
            fail("%s", String.join("\n\n", disagreements));
        }
    }

    /** Runs the inserts of one workspace; null if model and server agree over them. */
    private static @Nullable String runWorkspace(
            TestServer server, Connection connection, int first) throws Exception {
        Sequence sequence = Sequence.start(server, connection);
        String found = sequence.run(new InsertGenerator(SEED, first).beginning());
        int end = Math.min(INSERTS, first + WORKSPACE_INSERTS);
        for (int number = first; number < end && found == null; number++) {
            InsertGenerator generator = new InsertGenerator(SEED, number);
            if (new Random(number).nextInt(3) == 0) {
                found = sequence.run(generator.deletion());
            }
            found = found == null ? sequence.insert(generator.insert()) : found;
            if (found != null) {
                return "Model and server disagree over insert "
                        + number
                        + " of seed "
                        + SEED
                        + ", the workspace began with "
                        + first
                        + ".\n"
                        + found;
            }
        }
        return found;
    }
}
