package dev.tranche.server.insert;

import dev.tranche.server.batch.InsertOptions;
import dev.tranche.server.execute.ContentDigest;
import dev.tranche.server.insert.InsertRequest.Records;
import org.jspecify.annotations.Nullable;

/**
 * What an insert asks for, as 64 hex digits, as {@link ContentDigest} says. Of a stream only what is
 * said before its records: those nobody holds together.
 */
final class InsertHash {
    /** Raised when the form below changes. */
    private static final byte VERSION = 1;

    private final ContentDigest digest = new ContentDigest(VERSION);

    private InsertHash(String call, InsertOrder order) {
        digest.text("call", call);
        digest.text("collection", order.collection());
        digest.labels(order.labels());
        options(order.options());
    }

    /** Null without a request id. */
    static @Nullable String of(InsertRequest request) {
        if (request.order().requestId() == null) {
            return null;
        }
        InsertHash hash = new InsertHash("batch_insert", request.order());
        hash.records(request.records());
        return hash.digest.hex();
    }

    /** Null without a request id. */
    static @Nullable String of(StreamRequest request) {
        return request.order().requestId() == null
                ? null
                : new InsertHash("stream_insert", request.order()).digest.hex();
    }

    private void options(InsertOptions options) {
        if (!options.equals(InsertOptions.DEFAULTS)) {
            digest.text("on_conflict", options.onConflict().name());
            digest.text("atomicity", options.atomicity().name());
            digest.text("failures_max", Integer.toString(options.failuresMax()));
            if (options.conflictConstraint() != null) {
                digest.text("conflict_constraint", options.conflictConstraint());
            }
        }
    }

    private void records(Records records) {
        for (int i = 0; i < records.count(); i++) {
            switch (records.get(i, true)) {
                case Candidate.Decoded decoded -> {
                    digest.text("id", decoded.id() == null ? "" : decoded.id());
                    digest.json("data", decoded.data());
                }
                case Candidate.Undecodable undecodable ->
                        digest.text("undecodable", undecodable.error().message());
            }
        }
    }
}
