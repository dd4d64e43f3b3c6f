package dev.tranche.server.transport;

import com.google.protobuf.Empty;
import dev.tranche.server.batch.AccountRemoval;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.v1.DeleteBatchRequest;
import java.time.Duration;

/** Answers {@code DeleteBatch}. */
record BatchDeletion(Directory directory, AccountRemoval accounts) {
    private static final Duration BUSY_DELAY = Duration.ofSeconds(1);

    void delete(DeleteBatchRequest request, Replies<Empty> replies) {
        String id = request.getBatchId();
        BatchLookup.check(request.getWorkspace(), id);
        long workspace = directory.workspace(request.getWorkspace()).id();
        BatchIds.requirePossible(id);
        switch (accounts.remove(workspace, id)) {
            case REMOVED -> {
                replies.batch(id);
                replies.send(Empty.getDefaultInstance());
            }
            case MISSING -> throw BatchLookup.missing("batch", id);
            case BUSY ->
                    throw new CallFailure(
                                    new Failure.TryAgain(
                                            Reason.BATCH_BUSY,
                                            "batch " + id + " is being worked on",
                                            BUSY_DELAY))
                            .of(id);
        }
    }
}
