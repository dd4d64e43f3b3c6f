package dev.tranche.bench;

import dev.tranche.bench.Goal.RatioAtLeast;
import dev.tranche.bench.Goal.RatioAtMost;
import dev.tranche.bench.Row.Group;
import dev.tranche.bench.Sample.Metric;
import java.util.List;

/** Batches of mixed operations, each in one transaction. */
final class BatchRows {
    private static final int CLIENTS = 8;
    private static final String OPTIMAL = "optimal transaction";
    private static final String PLAIN = "plain transaction";

    private BatchRows() {}

    /**
     * How much is done in a run.
     *
     * @param batches of each client, for about a second; a quarter if there is little time
     * @param operations of each batch
     */
    private record Size(int clients, int batches, int operations) {
        BatchLoad load(Stage stage) {
            return BatchLoad.of(stage, clients, stage.quick() ? batches / 4 : batches, operations);
        }
    }

    static List<Row> all() {
        Size one = new Size(1, 2_000, 1);
        Size ten = new Size(1, 500, 10);
        Size hundred = new Size(1, 200, 100);
        Size thousand = new Size(1, 40, 1_000);
        Size many = new Size(CLIENTS, 80, 100);
        Goal half = new RatioAtMost(0.5);
        Goal none = new Goal.Unset();
        return List.of(
                row(
                        "batch-1-bare",
                        "upsert and commit",
                        BareUpsert::on,
                        one,
                        new RatioAtMost(2),
                        Worth.ANY),
                row("batch-10-optimal", OPTIMAL, OptimalTransaction::on, ten, none, Worth.ANY),
                row("batch-10-plain", PLAIN, PlainTransaction::on, ten, none, Worth.ANY),
                row(
                        "batch-100-optimal",
                        OPTIMAL,
                        OptimalTransaction::on,
                        hundred,
                        new RatioAtMost(1.5),
                        Worth.TRANSACTION),
                row("batch-100-plain", PLAIN, PlainTransaction::on, hundred, half, Worth.ANY),
                row(
                        "batch-1000-optimal",
                        OPTIMAL,
                        OptimalTransaction::on,
                        thousand,
                        none,
                        Worth.ANY),
                row("batch-1000-plain", PLAIN, PlainTransaction::on, thousand, none, Worth.ANY),
                row(
                        "batch-100-optimal-8",
                        OPTIMAL,
                        OptimalTransaction::on,
                        many,
                        new RatioAtLeast(0.6),
                        Worth.TRANSACTIONS));
    }

    /** One client is judged by how long a batch takes, several by how much they do together. */
    private static Row row(
            String name,
            String baseline,
            HandWritten.Opening opening,
            Size size,
            Goal goal,
            Worth worth) {
        boolean alone = size.clients() == 1;
        return new Row(
                Group.BATCH,
                name,
                alone && size.operations() == 100,
                "operation",
                alone ? Metric.P50_MILLIS : Metric.ITEMS_PER_SECOND,
                stage -> HandWritten.of(stage, baseline, opening, size.load(stage)),
                stage -> BatchCalls.of(stage, size.load(stage)),
                goal,
                worth);
    }
}
