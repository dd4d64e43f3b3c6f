package dev.tranche.server.store;

import static dev.tranche.server.store.Samples.json;
import static dev.tranche.server.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.operation.Effect;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Resource;
import dev.tranche.server.operation.Resource.OfCollection;
import dev.tranche.server.operation.Resource.OfRecord;
import dev.tranche.server.operation.Resource.OfRelationship;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.RowKey.RelationshipKey;
import dev.tranche.server.operation.RowKey.UniqueKey;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.Violation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    void readsTheRecordsThatVersionOneWrote() {
        byte[] stored = {
            1, 0, 1, 5, 1, 1, 'a', 1, 0, 3, 1, 'c', 0, 0, 0, 0, 0, 0, 0, 7, 1, 1, 'a', 2, '{', '}',
            1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 'x', 0, 0, 0, 0, 0, 0, 0, 2, 1,
            'y', 0, 0, 0, 0, 0, 0, 0, 3
        };
        // A deleted one: flags 1 + 4 have the time at the end.
        stored[9] = 5;
        RecordRow row =
                new RecordRow(
                        new RecordKey(7, "a"),
                        json("{}"),
                        1,
                        9,
                        List.of(),
                        false,
                        new Stamp(at(1), "x"),
                        new Stamp(at(2), "y"),
                        at(3));
        assertThat(ResultCodec.unpack(stored, 1))
                .containsExactly(
                        new ItemResult(
                                0,
                                new Outcome.Applied(
                                        Effect.READ, "a", 1, null, new OfRecord("c", row)),
                                1));
    }

    @Test
    void writesInVersionOneWhatThatCanSay() {
        Random random = new Random(1);
        assertThat(packed(null)[0]).isEqualTo((byte) 1);
        assertThat(packed(record(random))[0]).isEqualTo((byte) 1);
        assertThat(packed(relationship(random))[0]).isEqualTo((byte) 2);
        assertThat(packed(collection(random))[0]).isEqualTo((byte) 2);
    }

    @Test
    void writesInVersionThreeWhatWasSkipped() {
        ItemResult skipped = new ItemResult(1, new Outcome.Skipped("é"), 2);
        byte[] packed = ResultCodec.pack(List.of(skipped));
        assertThat(packed).containsExactly(3, 1, 5, 1, 2, 0xC3, 0xA9);
        assertThat(ResultCodec.unpack(packed, 2)).containsExactly(skipped);
    }

    private static byte[] packed(@Nullable Resource resource) {
        Outcome outcome = new Outcome.Applied(Effect.INSERTED, "a", 1, null, resource);
        return ResultCodec.pack(List.of(new ItemResult(0, outcome, 1)));
    }

    private static Instant at(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Test
    void refusesWhatANewerServerWrote() {
        assertThatThrownBy(() -> ResultCodec.unpack(new byte[] {4, 0}, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Outcome outcome(Random random) {
        return switch (random.nextInt(6)) {
            case 5 -> new Outcome.Skipped(text(random));
            case 0, 1 ->
                    new Outcome.Applied(
                            any(Effect.values(), random),
                            textOrNull(random),
                            random.nextBoolean() ? random.nextInt(3) : random.nextLong(1L << 62),
                            textOrNull(random),
                            random.nextInt(4) == 0 ? resource(random) : null);
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
                random.nextBoolean() ? null : random.nextInt(Integer.MAX_VALUE),
                Map.of());
    }

    private static Resource resource(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> relationship(random);
            case 1 -> collection(random);
            default -> record(random);
        };
    }

    private static OfRelationship relationship(Random random) {
        RelationshipKey key =
                new RelationshipKey(
                        new RecordKey(random.nextLong(), text(random)),
                        text(random),
                        new RecordKey(random.nextLong(), text(random)));
        RelationshipRow row =
                new RelationshipRow(
                        key,
                        random.nextBoolean() ? null : json("{\"t\": [1.50, \"😀\"]}"),
                        random.nextLong(1L << 62),
                        stamp(random),
                        stamp(random));
        return new OfRelationship(text(random), text(random), row);
    }

    private static OfCollection collection(Random random) {
        return new OfCollection(
                text(random),
                Samples.collection(1, "c", "a", "b").definition(),
                random.nextLong(1L << 62),
                stamp(random),
                stamp(random));
    }

    private static OfRecord record(Random random) {
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
        return new OfRecord(text(random), row);
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
