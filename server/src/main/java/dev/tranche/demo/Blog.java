package dev.tranche.demo;

import dev.tranche.client.Operations;
import dev.tranche.client.TrancheException;
import dev.tranche.terminal.Screen;
import dev.tranche.terminal.Stopwatch;
import dev.tranche.v1.Batch;
import dev.tranche.v1.BatchState;
import dev.tranche.v1.CommitState;
import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.FieldViolation;
import dev.tranche.v1.ItemError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Step 2: a post, two tags and a statistics row that refer to ids which the same batch makes; then
 * the same with a mistake, of which nothing may be left.
 */
final class Blog {
    private static final List<String> COLLECTIONS = List.of("posts", "tags", "statistics");
    private static final String TITLED =
            """
            {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}
            """;
    private static final String FIRST_TAG = "{\"title\": \"grpc\", \"post\": \"${post.id}\"}";
    private static final String UNTITLED_TAG = "{\"post\": \"${post.id}\"}";

    private final Session session;

    Blog(Session session) {
        this.session = session;
    }

    /**
     * Does both.
     *
     * @return id of the batch that failed
     */
    String run() {
        Screen screen = session.screen();
        screen.heading("2  ExecuteBatch: a blog post and what refers to it, in one call");
        makeCollections();
        succeed();
        screen.say("");
        screen.say("The same again, but the second operation has no title. What the caller gets:");
        screen.say("");
        return fail();
    }

    private void makeCollections() {
        session.execute(
                "ExecuteBatch, blog collections",
                List.of(
                        Operations.upsertCollection("posts", TITLED),
                        Operations.upsertCollection("tags", TITLED),
                        Operations.upsertCollection("statistics", "{\"type\": \"object\"}")));
    }

    private static List<Operation> workflow(String firstTag) {
        return List.of(
                create("post", "posts", "{\"title\": \"Hello, batches\"}"),
                create("tag", "tags", firstTag),
                create("other_tag", "tags", "{\"title\": \"mariadb\", \"post\": \"${post.id}\"}"),
                create(
                        "statistics",
                        "statistics",
                        "{\"post\": \"${post.id}\", \"top_tag\": \"${tag.id}\", \"views\": 0}"));
    }

    /** The server makes the id; the data refers to those of the operations before. */
    private static Operation create(String alias, String collection, String dataJson) {
        return Operations.createRecord(collection, "", dataJson).toBuilder()
                .setAlias(alias)
                .setDataReferences(true)
                .build();
    }

    private void succeed() {
        List<Operation> workflow = workflow(FIRST_TAG);
        ExecuteBatchResponse reply = session.execute("ExecuteBatch, blog", workflow);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("index", "create in", "data as sent", "outcome", "id"));
        for (OperationResult result : reply.getResultsList()) {
            CreateRecord create = workflow.get(result.getIndex()).getCreateRecord();
            rows.add(
                    List.of(
                            Integer.toString(result.getIndex()),
                            create.getCollection(),
                            create.getDataJson(),
                            Screen.name(result.getOutcome()),
                            result.getRecordId()));
        }
        session.screen().table(rows);
        String post = reply.getResults(0).getRecordId();
        String stored = session.tranche().recordsOf("statistics").getFirst().getDataJson();
        session.screen().say("");
        session.screen().say("Stored in statistics: " + stored);
        session.figures().check("statistics refer to the post", true, stored.contains(post));
    }

    private String fail() {
        Set<Record> before = everything();
        Stopwatch watch = Stopwatch.started();
        try {
            session.tranche().execute(workflow(UNTITLED_TAG));
        } catch (TrancheException failure) {
            Duration time = watch.elapsed();
            Batch account = session.tranche().account(failure.batchId().orElseThrow());
            session.note("ExecuteBatch, blog with a mistake", account, time);
            show(failure, account);
            check(failure, account);
            proveThatNothingIsLeft(before);
            return account.getBatchId();
        }
        throw new IllegalStateException("a tag without title was accepted");
    }

    private void show(TrancheException failure, Batch account) {
        Screen screen = session.screen();
        screen.say("TrancheException: " + failure.getMessage());
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("index", "reason", "where and what"));
        failure.itemErrors()
                .forEach((index, error) ->
                        rows.add(
                                List.of(
                                        index.toString(),
                                        Screen.name(error.getReason()),
                                        whereAndWhat(error))));
        screen.table(rows);
        screen.say(
                "transaction: %s, account: %s, %d of %d operations failed"
                        .formatted(
                                Screen.name(failure.commitState()),
                                Screen.name(account.getState()),
                                account.getFailedCount(),
                                account.getTotalCount()));
    }

    private static String whereAndWhat(ItemError error) {
        if (error.getFieldViolationsCount() == 0) {
            return error.getMessage();
        }
        FieldViolation violation = error.getFieldViolations(0);
        return violation.getPath() + ": " + violation.getDescription();
    }

    private void check(TrancheException failure, Batch account) {
        Figures figures = session.figures();
        figures.check(
                "reason of the failed blog batch",
                ErrorReason.ERROR_REASON_SCHEMA_VIOLATION,
                failure.reason());
        figures.check("operations that failed in it", Set.of(1, 3), failure.itemErrors().keySet());
        figures.check(
                "its transaction", CommitState.COMMIT_STATE_ROLLED_BACK, failure.commitState());
        figures.check("its account", BatchState.BATCH_STATE_FAILED, account.getState());
    }

    private void proveThatNothingIsLeft(Set<Record> before) {
        Set<Record> after = everything();
        session.figures().check("what the failed blog batch left", before, after);
        session.screen().say("");
        session.screen()
                .say(
                        "Records in the blog before: %d, after: %d, %s."
                                .formatted(
                                        before.size(),
                                        after.size(),
                                        after.equals(before)
                                                ? "the very same; nothing of it is there"
                                                : "and NOT the same"));
    }

    private Set<Record> everything() {
        Set<Record> records = new HashSet<>();
        COLLECTIONS.forEach(collection -> records.addAll(session.tranche().recordsOf(collection)));
        return records;
    }
}
