package dev.tranche.server.store;

import static dev.tranche.server.store.Samples.changed;
import static dev.tranche.server.store.Samples.inserted;
import static dev.tranche.server.store.Samples.key;
import static dev.tranche.server.store.Samples.link;
import static dev.tranche.server.store.Samples.nothing;
import static dev.tranche.server.store.Samples.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.operation.Changes;
import dev.tranche.server.operation.Changes.HeldKey;
import dev.tranche.server.operation.Changes.Table;
import dev.tranche.server.operation.Changes.Update;
import dev.tranche.server.operation.LockMode;
import dev.tranche.server.operation.Needs;
import dev.tranche.server.operation.RowKey.CollectionKey;
import dev.tranche.server.operation.RowKey.LinksKey;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many times a transaction goes to the database. */
class ExecutionsTest {
    private final Store store = Store.open();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aFlushIsOneExecutionForEachTableAndKindWhateverTheNumberOfRows() {
        int few = executions(() -> store.flush(insertAndChange(0, 10)));
        int many = executions(() -> store.flush(insertAndChange(100, 100)));
        // The stamp, keys, new records, changed records, relationships.
        assertThat(few).isEqualTo(many).isEqualTo(5);
    }

    @Test
    void aLoadIsOneExecutionForEachTableAndCollectionWhateverTheNumberOfRows() {
        store.flush(insertAndChange(0, 100));
        int few = executions(() -> store.load(needs(10)));
        int many = executions(() -> store.load(needs(100)));
        // Records, keys, the relationships' keys, the relationships.
        assertThat(few).isEqualTo(many).isEqualTo(4);
    }

    @Test
    void aDefinitionIsReadOnceForEachVersion() {
        store.flush(Samples.collections(inserted(List.of(Samples.collection(1, "c", "a")))));
        Needs needs = Store.needs(LockMode.SHARED, new CollectionKey("c"));
        assertThat(executions(() -> store.load(needs))).isEqualTo(2);
        assertThat(executions(() -> store.load(needs))).isEqualTo(1);
    }

    @Test
    void aFlushTakesAThousandRowsAtATime() {
        int thousand = executions(() -> store.flush(newRecords(0, 1_000)));
        int oneMore = executions(() -> store.flush(newRecords(5_000, 1_001)));
        assertThat(oneMore).isEqualTo(thousand + 1);
    }

    @Test
    void newRowsGoToTheDatabaseAsOneCommand() {
        long before = commands();
        store.flush(newRecords(0, 500));
        assertThat(commands() - before).isLessThan(20);
    }

    /** How many the server has been sent, by anybody. */
    private long commands() {
        String sql =
                "SELECT variable_value FROM information_schema.global_status"
                        + " WHERE variable_name = 'QUESTIONS'";
        return Long.parseLong(store.queryText(sql));
    }

    private int executions(Runnable work) {
        store.watched().forget();
        work.run();
        return store.watched().executed().size();
    }

    private Changes newRecords(int from, int count) {
        return Samples.newRecords(
                IntStream.range(from, from + count).mapToObj(i -> record(7, id(i))).toList());
    }

    private Changes insertAndChange(int from, int count) {
        List<RecordRow> old =
                IntStream.range(from, from + count)
                        .mapToObj(i -> record(7, "old" + id(i)))
                        .toList();
        store.flush(Samples.newRecords(old));
        List<RecordRow> rows =
                IntStream.range(from, from + count)
                        .mapToObj(i -> record(7, id(i), key(7, 1, i)))
                        .toList();
        List<RelationshipRow> links =
                rows.stream().map(row -> link(row.key(), "t", old.getFirst().key())).toList();
        List<HeldKey> keys =
                rows.stream()
                        .map(row -> new HeldKey(row.keys().getFirst(), row.key().id()))
                        .toList();
        List<Update<RecordRow>> updates =
                old.stream().map(row -> new Update<>(row, changed(row, "{}"))).toList();
        store.watched().forget();
        return new Changes(
                nothing(),
                inserted(keys),
                new Table<>(rows, updates, List.of()),
                nothing(),
                inserted(links));
    }

    private static Needs needs(int count) {
        Needs needs = new Needs();
        for (int i = 0; i < count; i++) {
            RecordRow row = record(7, id(i), key(7, 1, i));
            needs.add(row.key(), i % 2 == 0 ? LockMode.SHARED : LockMode.EXCLUSIVE);
            needs.add(row.keys().getFirst(), LockMode.EXCLUSIVE);
            needs.add(new LinksKey(row.key()), LockMode.EXCLUSIVE);
        }
        return needs;
    }

    private static String id(int i) {
        return "id%05d".formatted(i);
    }
}
