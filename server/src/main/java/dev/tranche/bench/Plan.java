package dev.tranche.bench;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.tranche.bench.Change.Kind;
import dev.tranche.bench.Loader.Item;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one client does in a run: batches of 40 % creations, 30 % upserts (every other one of a new
 * record), 20 % updates and 10 % deletions, thoroughly mixed. No batch touches a record twice, and no
 * client a record of another one. Batches of one operation are upserts.
 */
final class Plan {
    private static final List<Kind> MIX =
            List.of(
                    Kind.CREATE,
                    Kind.UPSERT,
                    Kind.CREATE,
                    Kind.UPDATE,
                    Kind.CREATE,
                    Kind.UPSERT,
                    Kind.CREATE,
                    Kind.DELETE,
                    Kind.UPSERT,
                    Kind.UPDATE);

    /** More than a batch touches. */
    private static final int SEEDS = 2_000;

    private static final int NUMBERS_PER_CLIENT = 10_000_000;

    /** Of how many lengths the data of a record may be, so that an upsert changes it. */
    private static final int LENGTHS = 97;

    private final TimeOrderedEpochFactory ids =
            TimeOrderedEpochFactory.builder().withFastRandom().build();
    private final Deque<Target> live = new ArrayDeque<>();
    private final List<Target> seeds;
    private final List<List<Change>> batches = new ArrayList<>();
    private int number;
    private int revision;

    private record Target(String id, int number) {}

    private Plan(int client) {
        number = client * NUMBERS_PER_CLIENT;
        seeds = Stream.generate(this::fresh).limit(SEEDS).toList();
    }

    /**
     * Plans.
     *
     * @param client from 0
     * @param batches one after the other
     * @param operations of each batch, at most 1,000
     */
    static Plan of(int client, int batches, int operations) {
        Plan plan = new Plan(client);
        for (int batch = 0; batch < batches; batch++) {
            List<Change> changes = new ArrayList<>();
            for (int index = 0; index < operations; index++) {
                changes.add(plan.next(operations == 1 ? Kind.UPSERT : MIX.get(index % MIX.size())));
            }
            plan.batches.add(changes);
        }
        return plan;
    }

    List<List<Change>> batches() {
        return batches;
    }

    /** Puts the records in that are there before the first batch. */
    void seed(Loader loader) throws SQLException {
        for (Target seed : seeds) {
            loader.add(
                    seed.id(),
                    new Item(
                            Product.sku(seed.number()),
                            Product.json(seed.number(), Product.BYTES)));
        }
        loader.flush();
    }

    private Target fresh() {
        Target target = new Target(ids.create().toString(), number++);
        live.addLast(target);
        return target;
    }

    private Change next(Kind kind) {
        revision++;
        return switch (kind) {
            case CREATE -> change(kind, fresh());
            case UPSERT -> change(kind, revision % 2 == 0 ? fresh() : oldest());
            case UPDATE -> {
                Target target = oldest();
                yield new Change(
                        kind,
                        target.id(),
                        Product.sku(target.number()),
                        "{\"stock\":" + revision + "}");
            }
            case DELETE -> {
                Target target = live.removeFirst();
                yield new Change(kind, target.id(), Product.sku(target.number()), "");
            }
        };
    }

    private Change change(Kind kind, Target target) {
        return new Change(
                kind,
                target.id(),
                Product.sku(target.number()),
                Product.json(target.number(), Product.BYTES + revision % LENGTHS));
    }

    /** The one that was longest untouched. */
    private Target oldest() {
        Target target = live.removeFirst();
        live.addLast(target);
        return target;
    }
}
