package dev.tranche.server.store;

import static dev.tranche.server.store.Samples.STAMP;
import static dev.tranche.server.store.Samples.collection;
import static dev.tranche.server.store.Samples.collections;
import static dev.tranche.server.store.Samples.inserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.engine.Catalog.Deletion;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.operation.WorkspaceStage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workspaces and collections outside of batches. */
class CatalogTest {
    private final Store store = Store.open();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void createsAWorkspaceOnce() {
        WorkspaceRow first = new WorkspaceRow(2, "blue", WorkspaceStage.PRODUCTION, STAMP);
        assertThat(store.catalog().create(first)).isTrue();
        assertThat(create(3, "blue")).isFalse();
        assertThat(store.catalog().workspace("blue")).contains(first);
        assertThat(store.catalog().workspace("Blue")).isEmpty();
        assertThat(store.catalog().workspaces("blue", 9))
                .extracting(WorkspaceRow::name)
                .containsExactly("default");
    }

    @Test
    void ofManyWhoCreateOneWorkspaceOneSucceeds() {
        List<CompletableFuture<Boolean>> all =
                IntStream.range(0, 8)
                        .mapToObj(i ->
                                CompletableFuture.supplyAsync(
                                        () -> create(10 + i, "blue"), Thread::startVirtualThread))
                        .toList();
        assertThat(all.stream().filter(CompletableFuture::join)).hasSize(1);
    }

    @Test
    void deletesAWorkspaceOnlyIfNothingLivesInIt() {
        create(2, "blue");
        store.once(tx -> {
            tx.flush(2, collections(inserted(List.of(collection(1, "c")))));
            return tx;
        });
        assertThat(delete("Blue", true)).isEqualTo(Deletion.MISSING);
        assertThat(delete("blue", false)).isEqualTo(Deletion.NOT_EMPTY);
        assertThat(delete("blue", true)).isEqualTo(Deletion.DELETED);
        assertThat(delete("blue", true)).isEqualTo(Deletion.MISSING);
        assertThat(store.catalog().workspace("blue")).isEmpty();
        assertThat(store.catalog().workspaces("", 9))
                .extracting(WorkspaceRow::name)
                .containsExactly("default");
        assertThat(create(3, "blue")).isTrue();
        assertThat(delete("blue", false)).isEqualTo(Deletion.DELETED);
    }

    @Test
    void aWorkspaceThatABatchSharesIsNotDeletedUnderIt() {
        create(2, "blue");
        CompletableFuture<Deletion> deletion =
                store.once(tx -> {
                    assertThat(tx.lockWorkspace("blue"))
                            .get()
                            .extracting(WorkspaceRow::stage)
                            .isEqualTo(WorkspaceStage.PREVIEW);
                    assertThat(
                                    store.test()
                                            .isFree(
                                                    "SELECT * FROM workspace WHERE id = 2"
                                                            + " FOR UPDATE NOWAIT"))
                            .isFalse();
                    CompletableFuture<Deletion> waiting =
                            CompletableFuture.supplyAsync(
                                    () -> delete("blue", false), Thread::startVirtualThread);
                    tx.flush(2, collections(inserted(List.of(collection(1, "c")))));
                    return waiting;
                });
        assertThat(deletion.join()).isEqualTo(Deletion.NOT_EMPTY);
    }

    @Test
    void listsCollectionsInTheOrderOfTheirNames() {
        List<CollectionRow> rows =
                List.of(collection(3, "B", "x"), collection(1, "a"), collection(2, "é", "y", "z"));
        store.flush(collections(inserted(rows)));
        assertThat(store.catalog().collections(Store.WORKSPACE, "", 9)).isEqualTo(rows);
        assertThat(store.catalog().collections(Store.WORKSPACE, "B", 1))
                .containsExactly(rows.get(1));
        assertThat(store.catalog().collections(2, "", 9)).isEmpty();
    }

    private boolean create(long id, String name) {
        return store.catalog().create(new WorkspaceRow(id, name, WorkspaceStage.PREVIEW, STAMP));
    }

    private Deletion delete(String name, boolean force) {
        return store.catalog().delete(name, force, STAMP);
    }
}
