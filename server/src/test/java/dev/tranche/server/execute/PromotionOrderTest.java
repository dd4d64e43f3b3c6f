package dev.tranche.server.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.OnDelete;
import dev.tranche.server.schema.ReferenceDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** In which order definitions are taken over. */
class PromotionOrderTest {
    private static final Stamp STAMP = new Stamp(Instant.EPOCH, "x");

    @Test
    void takesWhatIsReferredToFirst() {
        assertThat(order(Set.of(), row("a", "b"), row("b", "c"), row("c")))
                .containsExactly("c[]", "b[c]", "a[b]");
    }

    @Test
    void waitsForNothingThatIsThere() {
        assertThat(order(Set.of("b"), row("a", "b"), row("b", "c"), row("c")))
                .containsExactly("a[b]", "c[]", "b[c]");
    }

    @Test
    void leavesWhatIsNotPromotedToTheOperation() {
        assertThat(order(Set.of(), row("a", "elsewhere"))).containsExactly("a[elsewhere]");
    }

    @Test
    void aCollectionMayReferToItself() {
        assertThat(order(Set.of(), row("a", "a"))).containsExactly("a[a]");
    }

    @Test
    void opensACircleAndClosesItAtTheEnd() {
        assertThat(order(Set.of(), row("a", "b", "a", "x"), row("b", "c"), row("c", "a")))
                .containsExactly("a[a, x]", "c[a]", "b[c]", "a[b, a, x]");
    }

    @Test
    void opensACircleThatIsPartlyThereNotAtAll() {
        assertThat(order(Set.of("a"), row("a", "b"), row("b", "a")))
                .containsExactly("b[a]", "a[b]");
    }

    @Test
    void neverRefersToWhatIsNotThereYet() {
        Random random = new Random(7);
        for (int run = 0; run < 500; run++) {
            int count = 1 + random.nextInt(8);
            CollectionRow[] rows =
                    IntStream.range(0, count)
                            .mapToObj(i -> row("n" + i, some(random, count)))
                            .toArray(CollectionRow[]::new);
            Set<String> there = new HashSet<>(List.of(some(random, count)));
            List<String> whole = new ArrayList<>();
            for (PromotionOrder.Step step : PromotionOrder.of(List.of(rows), there)) {
                CollectionRow row = rows[step.position()];
                there.add(row.name());
                assertThat(targets(step.definition())).allMatch(there::contains);
                if (step.definition().equals(row.definition())) {
                    whole.add(row.name());
                }
            }
            // Each comes whole once, and last of its own.
            assertThat(whole)
                    .containsExactlyInAnyOrder(
                            Stream.of(rows).map(CollectionRow::name).toArray(String[]::new));
        }
    }

    private static String[] some(Random random, int count) {
        return random.ints(random.nextInt(3), 0, count)
                .distinct()
                .mapToObj(i -> "n" + i)
                .toArray(String[]::new);
    }

    private static List<String> order(Set<String> living, CollectionRow... rows) {
        return PromotionOrder.of(List.of(rows), living).stream()
                .map(step -> rows[step.position()].name() + targets(step.definition()))
                .toList();
    }

    private static List<String> targets(CollectionDefinition definition) {
        return definition.references().stream().map(ReferenceDefinition::collection).toList();
    }

    private static CollectionRow row(String name, String... targets) {
        List<ReferenceDefinition> references =
                Stream.of(targets)
                        .map(target -> new ReferenceDefinition(target, target, OnDelete.RESTRICT))
                        .toList();
        CollectionDefinition definition =
                new CollectionDefinition(null, List.of(), references, false);
        return new CollectionRow(1, name, definition, List.of(), List.of(), 0, 1, STAMP, STAMP);
    }
}
