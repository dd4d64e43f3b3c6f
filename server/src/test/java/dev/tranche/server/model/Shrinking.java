package dev.tranche.server.model;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.tranche.server.e2e.TestServer;
import dev.tranche.v1.ExecuteBatchRequest;
import io.grpc.StatusException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for the smallest batches over which model and server still disagree. */
final class Shrinking {
    private static final Duration TIME_MAX = Duration.ofSeconds(60);

    private final TestServer server;
    private final Connection connection;
    private final long until = System.nanoTime() + TIME_MAX.toNanos();
    private List<ExecuteBatchRequest> batches;
    private @Nullable String message;

    private Shrinking(TestServer server, Connection connection, List<ExecuteBatchRequest> batches) {
        this.server = server;
        this.connection = connection;
        this.batches = batches;
    }

    /**
     * Shrinks.
     *
     * @param batches all of a workspace up to the one over which they disagree
     * @return what to tell; null if they agree over the same batches in another workspace
     */
    static @Nullable String of(
            TestServer server, Connection connection, List<ExecuteBatchRequest> batches)
            throws StatusException, SQLException {
        Shrinking shrinking = new Shrinking(server, connection, batches);
        if (!shrinking.accepts(batches)) {
            return null;
        }
        shrinking.dropBatches();
        boolean dropped = true;
        while (dropped) {
            dropped = shrinking.dropOperation();
        }
        return shrinking.told();
    }

    private String told() {
        StringBuilder told = new StringBuilder();
        for (ExecuteBatchRequest batch : batches.subList(0, batches.size() - 1)) {
            try {
                told.append("First: ")
                        .append(JsonFormat.printer().preservingProtoFieldNames().print(batch))
                        .append('\n');
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
        return told.append(message).toString();
    }

    private void dropBatches() throws StatusException, SQLException {
        for (int size = batches.size() / 2; size > 0; size /= 2) {
            for (int from = batches.size() - 1 - size; from >= 0; from -= size) {
                if (from + size < batches.size()) {
                    accepts(without(batches, from, from + size));
                }
            }
        }
    }

    private boolean dropOperation() throws StatusException, SQLException {
        for (int i = batches.size() - 1; i >= 0; i--) {
            for (int j = batches.get(i).getOperationsCount() - 1; j >= 0; j--) {
                ExecuteBatchRequest batch = batches.get(i).toBuilder().removeOperations(j).build();
                List<ExecuteBatchRequest> fewer = without(batches, i, i + 1);
                if (batch.getOperationsCount() > 0) {
                    fewer.add(i, batch);
                }
                if (accepts(fewer)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static <T> List<T> without(List<T> all, int from, int to) {
        List<T> rest = new ArrayList<>(all.subList(0, from));
        rest.addAll(all.subList(to, all.size()));
        return rest;
    }

    /** Whether they still disagree; then these are the batches from here on. */
    private boolean accepts(List<ExecuteBatchRequest> candidate)
            throws StatusException, SQLException {
        if (candidate.isEmpty() || System.nanoTime() > until) {
            return false;
        }
        Sequence sequence = Sequence.start(server, connection);
        for (int i = 0; i < candidate.size(); i++) {
            String difference = sequence.run(candidate.get(i));
            if (difference != null) {
                batches = List.copyOf(candidate.subList(0, i + 1));
                message = difference;
                return true;
            }
        }
        return false;
    }
}
