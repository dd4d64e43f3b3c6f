package dev.tranche.server.transport;

import dev.tranche.server.batch.Atomicity;
import dev.tranche.server.insert.BatchInserts;
import dev.tranche.server.insert.InsertRun;
import dev.tranche.server.insert.StreamRequest;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.schema.Violation;
import dev.tranche.v1.StreamInsertOptions;
import dev.tranche.v1.StreamInsertResponse;
import dev.tranche.v1.StreamStarted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code StreamInsert}.
 *
 * @param candidates reads the records
 */
record StreamInserts(BatchInserts inserts, CandidateDecoder candidates, ServerLimits limits) {
    private static final ResultStream.Form<StreamInsertResponse> FORM =
            new ResultStream.Form<>(
                    results -> StreamInsertResponse.newBuilder().setResults(results).build(),
                    batch -> StreamInsertResponse.newBuilder().setSummary(batch).build());

    void insert(Requests<StreamPart> requests, Replies<StreamInsertResponse> replies) {
        limits.batches().requireEnabled();
        StreamInsertOptions options = options(requests.next());
        Violations violations = new Violations();
        boolean failuresOnly =
                new InsertOptionsDecoder(violations)
                        .failuresOnly(options.getResultFilter(), options.getResultFilterValue());
        StreamRequest request = decode(options, violations);
        IncomingRecords records = new IncomingRecords(requests, candidates);
        try (InsertRun run = inserts.stream(request, records, replies.call())) {
            records.beginAt(run.nextIndex());
            replies.batch(run.batch().id());
            ResultStream<StreamInsertResponse> out =
                    new ResultStream<>(replies, FORM, limits.calls(), failuresOnly);
            out.started(started(run));
            out.rest(List.of(), run);
        }
    }

    private static StreamInsertResponse started(InsertRun run) {
        return StreamInsertResponse.newBuilder()
                .setStarted(
                        StreamStarted.newBuilder()
                                .setBatch(Accounts.batch(run.batch()))
                                .setNextIndex(run.nextIndex()))
                .build();
    }

    private static StreamInsertOptions options(@Nullable StreamPart first) {
        return switch (first) {
            case StreamPart.Options given -> given.options();
            case StreamPart.Records records -> throw optionsMissing("records given");
            case StreamPart.Nothing nothing -> throw optionsMissing("nothing given");
            case null -> throw new IllegalStateException("a stream has a message");
        };
    }

    private static CallFailure optionsMissing(String instead) {
        String what = instead + " in the first message, options allowed";
        return new CallFailure(new Failure.InvalidRequest(List.of(new Violation("options", what))));
    }

    private static StreamRequest decode(StreamInsertOptions options, Violations violations) {
        InsertOptionsDecoder decoder = new InsertOptionsDecoder(violations);
        if (options.getResultsFrom() < 0) {
            violations.add("results_from", options.getResultsFrom() + " given, 0 or more allowed");
        }
        StreamRequest request =
                new StreamRequest(
                        InsertDecoder.order(
                                options.getWorkspace(),
                                options.getCollection(),
                                decoder.options(
                                        decoder.onConflict(
                                                options.getOnConflict(),
                                                options.getOnConflictValue()),
                                        options.getConflictConstraint(),
                                        Atomicity.PER_RECORD,
                                        options.getOrdered(),
                                        options.getMaxFailures()),
                                options.getRequestId(),
                                options.getLabelsMap(),
                                violations),
                        options.hasResultsFrom() ? options.getResultsFrom() : null);
        violations.refuse();
        return request;
    }
}
