package dev.tranche.server.model;

import static org.assertj.core.api.Assertions.fail;

import dev.tranche.server.e2e.TestServer;
import dev.tranche.v1.ExecuteBatchRequest;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Generated batches, run by the server and by the model: results, errors and all that is stored have
 * to agree after each. The system properties {@code tranche.test.model-batches} and {@code
 * tranche.test.model-seed} say how many and which.
 */
class ReferenceModelTest {
    private static final int BATCHES = Integer.getInteger("tranche.test.model-batches", 500);
    private static final long SEED = Long.getLong("tranche.test.model-seed", 4);

    /** Then a fresh workspace. */
    private static final int WORKSPACE_BATCHES = 50;

    /** Then it is enough. */
    private static final int DISAGREEMENTS_MAX = 3;

    private final BatchGenerator generator = new BatchGenerator(EnumSet.allOf(Feature.class));

    @Test
    void doesWhatTheContractSays() throws Exception {
        List<String> disagreements = new ArrayList<>();
        try (TestServer server = TestServer.start();
                Connection connection = server.connection()) {
            for (int first = 0;
                    first < BATCHES && disagreements.size() < DISAGREEMENTS_MAX;
                    first += WORKSPACE_BATCHES) {
                int end = Math.min(BATCHES, first + WORKSPACE_BATCHES);
                String found = runWorkspace(server, connection, first, end);
                if (found != null) {
                    disagreements.add(found);
                }
            }
        }
        if (!disagreements.isEmpty()) {
            fail("%s", String.join("\n\n", disagreements));
        }
    }

    /** Runs batches from one number to another; null if model and server agree over them. */
    private @Nullable String runWorkspace(
            TestServer server, Connection connection, int first, int end) throws Exception {
        Sequence sequence = Sequence.start(server, connection);
        List<ExecuteBatchRequest> sent = new ArrayList<>();
        for (int number = first; number < end; number++) {
            sent.add(generator.batch(SEED, number, number == first));
            String difference = sequence.run(sent.getLast());
            if (difference != null) {
                String shrunk = Shrinking.of(server, connection, sent);
                String title =
                        "Model and server disagree over batch " + number + " of seed " + SEED;
                return shrunk == null
                        ? title + ", but not so in another workspace.\n" + difference
                        : title + ".\n" + shrunk;
            }
        }
        return null;
    }
}
