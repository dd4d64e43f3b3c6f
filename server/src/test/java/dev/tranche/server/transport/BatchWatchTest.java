package dev.tranche.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.Batch.Submission;
import dev.tranche.server.batch.BatchKind;
import dev.tranche.server.engine.Call;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.schema.Actor;
import dev.tranche.v1.WatchBatchRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A batch on which nothing happens. */
class BatchWatchTest {
    private static final String ID = "01890000-0000-7000-8000-000000000000";
    private static final Actor ACTOR = new Actor("a", "A");

    /** Takes three messages and goes away. */
    private static final class Reader implements Replies<dev.tranche.v1.Batch> {
        private final List<dev.tranche.v1.Batch> messages = new ArrayList<>();

        @Override
        public Call call() {
            return new Call(ACTOR, () -> Duration.ofSeconds(10), () -> messages.size() == 3);
        }

        @Override
        public void batch(String batchId) {
            assertThat(batchId).isEqualTo(ID);
        }

        @Override
        public void sendIfReady(dev.tranche.v1.Batch message) {
            send(message);
        }

        @Override
        public void send(dev.tranche.v1.Batch message) {
            messages.add(message);
        }
    }

    @Test
    void isSentAgainAfterTheLongestQuiet() {
        MemoryStore store = new MemoryStore();
        Submission submission =
                new Submission(
                        BatchKind.INSERT,
                        "default",
                        null,
                        null,
                        "c",
                        null,
                        null,
                        Instant.EPOCH,
                        ACTOR,
                        Map.of());
        store.put(Batch.begin(ID, 1, submission, 3));
        BatchLookup lookup = new BatchLookup(new Directory(store), store);
        BatchWatch watch = new BatchWatch(lookup, Duration.ofMillis(1), Duration.ofMillis(20));
        Reader reader = new Reader();
        long begin = System.nanoTime();
        assertThatThrownBy(() ->
                        watch.watch(
                                WatchBatchRequest.newBuilder()
                                        .setWorkspace("default")
                                        .setBatchId(ID)
                                        .build(),
                                reader))
                .isInstanceOfSatisfying(
                        CallFailure.class,
                        e -> assertThat(e.failure()).isInstanceOf(Failure.Cancelled.class));
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isGreaterThan(Duration.ofMillis(40));
        assertThat(reader.messages).hasSize(3);
        assertThat(List.of(reader.messages.getFirst())).containsOnly(reader.messages.getLast());
    }
}
