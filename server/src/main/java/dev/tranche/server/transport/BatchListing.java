package dev.tranche.server.transport;

import static dev.tranche.server.transport.Accounts.batch;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.BatchFilter;
import dev.tranche.server.batch.BatchPage;
import dev.tranche.server.batch.BatchPage.Position;
import dev.tranche.server.batch.BatchReader;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.ListBatchesRequest;
import dev.tranche.v1.ListBatchesResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code ListBatches}.
 *
 * @param replyBytesMax of a page, encoded
 */
record BatchListing(Directory directory, BatchReader batches, int replyBytesMax) {
    /** Parts a page token's position; no time and no id has one in it. */
    private static final String SEPARATOR = " ";

    void list(ListBatchesRequest request, Replies<ListBatchesResponse> replies) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(request.getWorkspace()));
        BatchFilters filters = new BatchFilters(request, violations);
        int size = Pages.size(request.getPageSize(), violations);
        BatchFilter unbound = filters.decode(0);
        Pages pages = filters.pages(unbound);
        String token = pages.position(request.getPageToken(), violations);
        violations.refuse();
        BatchFilter filter = unbound.in(directory.workspace(request.getWorkspace()).id());
        Position after = token.isEmpty() ? null : position(token);
        replies.send(page(batches.list(filter, after, size, replyBytesMax), after, pages));
    }

    private ListBatchesResponse page(BatchPage found, @Nullable Position before, Pages pages) {
        ListBatchesResponse.Builder page =
                ListBatchesResponse.newBuilder().setTotalSize(found.total());
        ReplySpace space = new ReplySpace(replyBytesMax);
        Position last = before;
        boolean more = found.more();
        for (Batch one : found.batches()) {
            dev.tranche.v1.Batch message = batch(one);
            if (!space.take(message) && page.getBatchesCount() > 0) {
                more = true;
                break;
            }
            page.addBatches(message);
            last = Position.of(one);
        }
        if (more && last != null) {
            page.setNextPageToken(pages.token(text(last)));
        }
        return page.build();
    }

    private static String text(Position position) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, position.createdAt());
        return micros + SEPARATOR + position.batchId();
    }

    /** The position of a token that this server made. */
    private static Position position(String text) {
        String[] parts = text.split(SEPARATOR, 2);
        Instant createdAt = Instant.EPOCH.plus(Long.parseLong(parts[0]), ChronoUnit.MICROS);
        return new Position(createdAt, parts[1]);
    }
}
