package dev.tranche.server.model;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.tranche.server.e2e.TestServer;
import dev.tranche.server.model.Expected.Resource;
import dev.tranche.server.model.Expected.Result;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.ExecuteBatchRequest;
import io.grpc.StatusException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Batches one after another, to the server and to the model, in a workspace of their own. */
final class Sequence {
    private final TestServer server;
    private final String workspace;
    private final ReferenceModel model = new ReferenceModel();
    private final StateCheck stateCheck;
    private final Map<List<String>, String> firstEtags = new HashMap<>();
    private final Map<String, String> etags = new HashMap<>();

    private Sequence(TestServer server, String workspace, StateCheck stateCheck) {
        this.server = server;
        this.workspace = workspace;
        this.stateCheck = stateCheck;
    }

    static Sequence start(TestServer server, Connection connection)
            throws StatusException, SQLException {
        String workspace = "w-" + UUID.randomUUID();
        server.workspaces()
                .createWorkspace(CreateWorkspaceRequest.newBuilder().setName(workspace).build());
        return new Sequence(server, workspace, new StateCheck(server, connection, workspace));
    }

    /**
     * Sends a batch.
     *
     * @return where model and server disagree; null if they agree
     */
    @Nullable String run(ExecuteBatchRequest template) throws StatusException, SQLException {
        ExecuteBatchRequest request =
                new Wishes(model.state(), firstEtags)
                        .fill(template).toBuilder().setWorkspace(workspace).build();
        Answer answer = Answer.of(server, request);
        Expected expected = model.execute(request, answer);
        Differences differences = new Differences();
        new AnswerCheck(request, expected, answer, differences).run();
        if (differences.isEmpty()) {
            if (!request.getValidateOnly()) {
                expected.results().forEach(one -> noteEtag(one, differences));
            }
            stateCheck.run(model.state(), differences);
            model.state()
                    .records
                    .forEach((key, entry) ->
                            firstEtags.putIfAbsent(
                                    List.of(model.state().holder(key).name(), key.id()),
                                    entry.etag()));
        }
        return differences.isEmpty() ? null : message(request, expected, answer, differences);
    }

    /**
     * Sends an insert.
     *
     * @return where model and server disagree; null if they agree
     */
    @Nullable String insert(BatchInsertRequest template)
            throws StatusException, SQLException, InterruptedException {
        BatchInsertRequest request = template.toBuilder().setWorkspace(workspace).build();
        InsertAnswer answer = InsertAnswer.of(server, request);
        List<Result> expected = new InsertModel(model, request, answer).run();
        Differences differences = new Differences();
        new InsertAnswerCheck(request, expected, answer, differences).run();
        if (differences.isEmpty()) {
            stateCheck.run(model.state(), differences);
        }
        return differences.isEmpty() ? null : message(request, expected, answer, differences);
    }

    /** An etag stands for one version of one record for ever. */
    private void noteEtag(Result result, Differences differences) {
        if (!result.etag().isEmpty() && result.resource() instanceof Resource.OfRecord record) {
            String named = record.incarnation() + " " + result.recordId() + " " + result.version();
            String before = etags.put(result.etag(), named);
            differences.unless(
                    "what etag " + result.etag() + " stands for",
                    before == null ? named : before,
                    named);
        }
    }

    private static String message(
            Message request, Object expected, Object answer, Differences differences) {
        try {
            return differences
                    + "\n\nThe batch: "
                    + JsonFormat.printer().preservingProtoFieldNames().print(request)
                    + "\n\nThe model said: "
                    + expected
                    + "\n\nThe server said: "
                    + answer;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
