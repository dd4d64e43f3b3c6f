package dev.tranche.server.store;

import static dev.tranche.server.store.Samples.json;
import static dev.tranche.server.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.operation.Effect;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Outcome.ReadRecord;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.Violation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is packed is what is unpacked, whatever it is. */
class ResultCodecTest {
    private static final List<String> TEXTS =
            List.of("", "a", "A ", "😀 é", "\0'\"\\", "x".repeat(200), "0123456789abcdef");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsResultsOfAllKinds(long seed) {
        Random random = new Random(seed);
        List<ItemResult> results = new ArrayList<>();
        int index = random.nextInt(1_000_000);
        for (int i = 0; i < 500; i++) {
            results.add(new ItemResult(index, outcome(random), 3));
            index += 1 + (random.nextInt(10) == 0 ? random.nextInt(100_000) : 0);
        }
        assertThat(ResultCodec.unpack(ResultCodec.pack(results), 3)).isEqualTo(results);
    }

    @Test
    void keepsTheHighestIndex() {
        List<ItemResult> results =
                List.of(
                        new ItemResult(0, new Outcome.NotAttempted(), 1),
                        new ItemResult(Integer.MAX_VALUE, new Outcome.RolledBack(), 1));
        assertThat(ResultCodec.unpack(ResultCodec.pack(results), 1)).isEqualTo(results);
    }

    @Test
    void takesFewBytesForARecordWithAGeneratedId() {
        List<ItemResult> results =
                IntStream.range(0, 1_000)
                        .mapToObj(i ->
                                new ItemResult(
                                        i,
                                        new Outcome.Applied(
                                                Effect.INSERTED,
                                                new UUID(i, -i).toString(),
                                                1,
                                                "0123456789abcdef",
                                                null),
                                        1))
                        .toList();
        assertThat(ResultCodec.pack(results).length).isLessThan(36 * 1_000);
    }

    @Test
    void readsWhatVersionOneWrote() {
        byte[] stored = {1, 5, 3, 1, 4, 1, 1, 1, 1, 1, 'a', (byte) 0x80, 1, 2, 1, '!', 0};
        assertThat(ResultCodec.unpack(stored, 2))
                .containsExactly(
                        new ItemResult(5, new Outcome.NotAttempted(), 2),
                        new ItemResult(6, new Outcome.RolledBack(), 2),
                        new ItemResult(
                                7, new Outcome.Applied(Effect.INSERTED, "a", 128, "!", null), 2));
    }

    @Test
    void refusesWhatANewerServerWrote() {
        assertThatThrownBy(() -> ResultCodec.unpack(new byte[] {2, 0}, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Outcome outcome(Random random) {
        return switch (random.nextInt(5)) {
            case 0, 1 ->
                    new Outcome.Applied(
                            any(Effect.values(), random),
                            textOrNull(random),
                            random.nextBoolean() ? random.nextInt(3) : random.nextLong(1L << 62),
                            textOrNull(random),
                            random.nextInt(4) == 0 ? read(random) : null);
            case 2, 3 -> new Outcome.Failed(error(random));
            default -> random.nextBoolean() ? new Outcome.NotAttempted() : new Outcome.RolledBack();
        };
    }

    private static ItemError error(Random random) {
        List<Violation> violations =
                IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> new Violation(text(random), text(random)))
                        .toList();
        return new ItemError(
                any(Reason.values(), random),
                text(random),
                violations,
                textOrNull(random),
                textOrNull(random),
                random.nextBoolean() ? null : random.nextInt(Integer.MAX_VALUE));
    }

    private static ReadRecord read(Random random) {
        long collection = random.nextLong();
        List<UniqueKey> keys =
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> key(collection, random.nextInt(40_000), random.nextLong()))
                        .toList();
        RecordRow row =
                new RecordRow(
                        new RecordKey(collection, text(random)),
                        json("{\"t\": [1.50, \"😀\"]}"),
                        random.nextLong(1L << 62),
                        random.nextLong(),
                        keys,
                        random.nextBoolean(),
                        stamp(random),
                        stamp(random),
                        random.nextBoolean() ? null : stamp(random).at());
        return new ReadRecord(text(random), row);
    }

    private static Stamp stamp(Random random) {
        Instant at = Instant.EPOCH.plus(random.nextLong(-1L << 50, 1L << 52), ChronoUnit.MICROS);
        return new Stamp(at, text(random));
    }

    private static @Nullable String textOrNull(Random random) {
        return random.nextInt(4) == 0 ? null : text(random);
    }

    private static String text(Random random) {
        return random.nextBoolean()
                ? new UUID(random.nextLong(), random.nextLong()).toString()
                : TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private static <T> T any(T[] values, Random random) {
        return values[random.nextInt(values.length)];
    }
}
