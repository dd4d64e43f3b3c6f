package dev.tranche.server.store;

import static dev.tranche.server.store.Samples.STAMP;
import static dev.tranche.server.store.Samples.collection;
import static dev.tranche.server.store.Samples.collections;
import static dev.tranche.server.store.Samples.inserted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.WorkspaceRow;
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
        WorkspaceRow first = new WorkspaceRow(2, "blue", STAMP);
        assertThat(store.catalog().create(first)).isTrue();
        assertThat(store.catalog().create(new WorkspaceRow(3, "blue", STAMP))).isFalse();
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
                                        () ->
                                                store.catalog()
                                                        .create(
                                                                new WorkspaceRow(
                                                                        10 + i, "blue", STAMP)),
                                        Thread::startVirtualThread))
                        .toList();
        assertThat(all.stream().filter(CompletableFuture::join)).hasSize(1);
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
}
