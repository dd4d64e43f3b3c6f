package dev.tranche.demo;

import dev.tranche.terminal.Screen;
import java.util.List;

/**
 * Commands for the reader's own shell, ready to paste.
 *
 * @param target {@code host:port} of a server without TLS
 * @param failedBatchId of an {@code ExecuteBatch} that failed
 */
record Invitation(String target, String failedBatchId) {

    /**
     * A command and what it shows.
     *
     * @param text for a POSIX shell, one line or more
     */
    record Command(String shows, String text) {}

    void show(Screen screen) {
        screen.heading("Now you, with grpcurl (https://github.com/fullstorydev/grpcurl)");
        for (Command command : commands()) {
            screen.say("# " + command.shows());
            command.text().lines().forEach(screen::say);
            screen.say("");
        }
    }

    List<Command> commands() {
        return List.of(list(), airport(), account(), results(), workflow(), insert());
    }

    private Command list() {
        return new Command("What can be called", "grpcurl -plaintext " + target + " list");
    }

    private Command airport() {
        return call(
                "An airport",
                "RecordService/GetRecord",
                """
                {"workspace": "default", "collection": "airports", "id": "JFK"}\
                """);
    }

    private Command account() {
        return call(
                "The account of the batch that failed",
                "BatchService/GetBatch",
                """
                {"workspace": "default", "batch_id": "%s"}\
                """
                        .formatted(failedBatchId));
    }

    private Command results() {
        return call(
                "Why each of its operations failed",
                "BatchService/ListBatchResults",
                """
                {"workspace": "default", "batch_id": "%s"}\
                """
                        .formatted(failedBatchId));
    }

    private Command workflow() {
        return call(
                "A post and its tag in one transaction; without the title nothing happens",
                "BatchService/ExecuteBatch",
                """
                {"workspace": "default", "operations": [
                  {"alias": "post",
                   "create_record": {"collection": "posts", "data": {"title": "Mine"}}},
                  {"data_references": true,
                   "create_record": {"collection": "tags",
                                     "data": {"title": "new", "post": "${post.id}"}}}]}\
                """);
    }

    private Command insert() {
        return call(
                "Two observations, of which one is there already",
                "BatchService/BatchInsert",
                """
                {"workspace": "default", "collection": "weather", "records": [
                  {"data": {"origin": "EWR", "year": 2013, "month": 12, "day": 31, "hour": 0,
                            "time_hour": "2013-12-31T05:00:00Z"}},
                  {"data": {"origin": "EWR", "year": 2013, "month": 1, "day": 1, "hour": 1,
                            "time_hour": "2013-01-01T06:00:00Z"}}]}\
                """);
    }

    private Command call(String shows, String method, String request) {
        return new Command(
                shows,
                "grpcurl -plaintext -d '%s' %s tranche.v1.%s".formatted(request, target, method));
    }
}
