package dev.tranche.server.store;

import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.engine.Call;
import dev.tranche.server.engine.Engine;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.engine.Reruns;
import dev.tranche.server.execute.ExecuteBatch;
import dev.tranche.server.execute.ExecuteLimits;
import dev.tranche.server.execute.ExecuteRequest;
import dev.tranche.server.execute.ExecuteRequest.Step;
import dev.tranche.server.execute.ResultView;
import dev.tranche.server.insert.BatchInserts;
import dev.tranche.server.insert.Candidate;
import dev.tranche.server.insert.InsertLimits;
import dev.tranche.server.insert.InsertOrder;
import dev.tranche.server.insert.InsertRequest;
import dev.tranche.server.insert.InsertRun;
import dev.tranche.server.operation.Interpreter;
import dev.tranche.server.operation.OnError;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.OperationLimits;
import dev.tranche.server.schema.Actor;
import dev.tranche.server.schema.JsonLimits;
import dev.tranche.server.schema.JsonSchemas;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Inserts over a store, without gRPC: for tests that look at transactions. */
record Inserting(Store store, Engine engine, Call call) {
    static final int CHUNK_RECORDS = 1_000;

    private static final OperationLimits LIMITS =
            new OperationLimits(1 << 20, 10_000, 1 << 26, 1 << 22, 1_000);

    static Inserting into(Store store) {
        return new Inserting(
                store,
                new Engine(new Interpreter(new JsonSchemas(JsonLimits.DEFAULTS), LIMITS), 16),
                new Call(new Actor("anna", "Anna"), () -> Duration.ofMinutes(1), () -> false));
    }

    /** Does this before. */
    void execute(Operation... operations) {
        List<Step> steps = new ArrayList<>();
        for (Operation operation : operations) {
            steps.add(new Step("", null, null, operation));
        }
        new ExecuteBatch(
                        new Reruns<>(store.database().transactions()),
                        new Reruns<>(store.database().previews()),
                        engine,
                        new FreshIds(),
                        InstantSource.system(),
                        new ExecuteLimits(1_000, Duration.ofSeconds(20)))
                .execute(
                        new ExecuteRequest(
                                "default",
                                steps,
                                OnError.ROLLBACK,
                                null,
                                ResultView.BASIC,
                                false,
                                Map.of()),
                        call,
                        reply -> {});
    }

    /**
     * Starts an insert.
     *
     * @param chunksAheadMax chunks that may begin ahead of their turn
     * @param transactionTime of a chunk
     */
    InsertRun start(
            String collection,
            InsertOptions options,
            int chunksAheadMax,
            Duration transactionTime,
            InsertRequest.Records records) {
        InsertLimits limits =
                new InsertLimits(
                        10_000,
                        1_000,
                        CHUNK_RECORDS,
                        1 << 20,
                        chunksAheadMax,
                        transactionTime,
                        Duration.ofSeconds(20),
                        1 << 20,
                        Duration.ofDays(7));
        BatchInserts inserts =
                new BatchInserts(
                        new Reruns<>(store.database().transactions()),
                        engine,
                        new FreshIds(),
                        InstantSource.system(),
                        limits);
        InsertOrder order = new InsertOrder("default", collection, options, null, Map.of());
        return inserts.start(new InsertRequest(order, records), call);
    }

    /** Records with ids of the server's choice. */
    static InsertRequest.Records records(int from, int count, IntFunction<String> data) {
        return records(from, count, any -> null, data);
    }

    /** Records with ids; null for one of the server's choice. */
    static InsertRequest.Records records(
            int from, int count, IntFunction<@Nullable String> id, IntFunction<String> data) {
        return new InsertRequest.Records() {
            @Override
            public int count() {
                return count;
            }

            @Override
            public Candidate get(int index, boolean asTree) {
                return new Candidate.Decoded(
                        id.apply(from + index), Samples.json(data.apply(from + index)));
            }
        };
    }
}
