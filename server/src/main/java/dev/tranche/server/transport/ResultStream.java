package dev.tranche.server.transport;

import dev.tranche.server.batch.Batch;
import dev.tranche.server.batch.ItemResult;
import dev.tranche.server.insert.InsertRun;
import dev.tranche.v1.RecordResult;
import dev.tranche.v1.RecordResults;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/**
 * The results of an insert or its retry, and what comes after them.
 *
 * @param <R> the messages of the stream
 */
final class ResultStream<R> {
    /** More would only make a slow reader's unsent message larger. */
    private static final int MESSAGE_BYTES_MAX = 256 << 10;

    private final Replies<R> replies;
    private final Form<R> form;
    private final int messageBytesMax;
    private final boolean failuresOnly;
    private final Heartbeat heartbeat;

    /**
     * @param failuresOnly whether only results of records that are not in force are sent
     */
    ResultStream(
            Replies<R> replies, Form<R> form, ServerLimits.Calls limits, boolean failuresOnly) {
        this.replies = replies;
        this.form = form;
        this.messageBytesMax = Math.min(MESSAGE_BYTES_MAX, limits.replyBytesMax());
        this.failuresOnly = failuresOnly;
        R nothing = form.results().apply(RecordResults.getDefaultInstance());
        this.heartbeat =
                new Heartbeat(limits.heartbeatInterval(), () -> replies.sendIfReady(nothing));
    }

    /** What its messages are made of. */
    record Form<R>(Function<RecordResults, R> results, Function<dev.tranche.v1.Batch, R> summary) {}

    /** Sends the first message, whatever that is. */
    void started(R message) {
        send(message);
    }

    /** Sends results, in as many messages as it takes. */
    void results(List<ItemResult> results) {
        RecordResults.Builder message = RecordResults.newBuilder();
        ReplySpace space = new ReplySpace(messageBytesMax);
        for (ItemResult result : results) {
            if (failuresOnly && result.isInForce()) {
                continue;
            }
            RecordResult encoded = Outcomes.record(result);
            if (!space.take(encoded) && message.getResultsCount() > 0) {
                send(form.results().apply(message.build()));
                message = RecordResults.newBuilder();
                space = new ReplySpace(messageBytesMax);
                space.take(encoded);
            }
            message.addResults(encoded);
        }
        if (message.getResultsCount() > 0) {
            send(form.results().apply(message.build()));
        }
    }

    /**
     * Sends what is left of a run that was started, to its end: results of one chunk while the next
     * is written. Should they not get through, the run may go on beside this until it is closed.
     *
     * @param first results that the run has come to already
     */
    void rest(List<ItemResult> first, InsertRun run) {
        List<ItemResult> unsent = first;
        while (run.hasNext()) {
            FutureTask<List<ItemResult>> next = Heartbeat.begin(run::nextResults);
            results(unsent);
            unsent = heartbeat.await(next);
        }
        results(unsent);
        summary(run.batch());
    }

    void summary(Batch batch) {
        send(form.summary().apply(Accounts.batch(batch)));
    }

    private void send(R message) {
        replies.send(message);
        heartbeat.sent();
    }
}
