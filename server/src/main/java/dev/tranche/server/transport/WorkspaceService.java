package dev.tranche.server.transport;

import com.google.protobuf.Empty;
import dev.tranche.server.engine.Call;
import dev.tranche.server.engine.Catalog;
import dev.tranche.server.engine.FreshIds;
import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.operation.WorkspaceStage;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.Collection;
import dev.tranche.v1.CreateWorkspaceRequest;
import dev.tranche.v1.DeleteWorkspaceRequest;
import dev.tranche.v1.GetCollectionRequest;
import dev.tranche.v1.GetWorkspaceRequest;
import dev.tranche.v1.ListCollectionsRequest;
import dev.tranche.v1.ListCollectionsResponse;
import dev.tranche.v1.ListWorkspacesRequest;
import dev.tranche.v1.ListWorkspacesResponse;
import dev.tranche.v1.Workspace;
import dev.tranche.v1.WorkspaceServiceGrpc;
import io.grpc.ServerServiceDefinition;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Answers {@code tranche.v1.WorkspaceService}. */
final class WorkspaceService {
    /** Definitions read at once: each may have a schema of 256 KiB. */
    private static final int COLLECTIONS_AT_ONCE = 16;

    private final Catalog catalog;
    private final Directory directory;
    private final FreshIds ids;
    private final InstantSource clock;
    private final CollectionCalls collections;
    private final ServerLimits.Calls limits;

    WorkspaceService(UseCases useCases, ServerLimits limits) {
        this.catalog = useCases.catalog();
        this.directory = new Directory(useCases.catalog());
        this.ids = useCases.ids();
        this.clock = useCases.clock();
        this.collections = new CollectionCalls(useCases, limits);
        this.limits = limits.calls();
    }

    ServerServiceDefinition definition() {
        return new ServiceAssembly(WorkspaceServiceGrpc.getServiceDescriptor(), limits)
                .method(WorkspaceServiceGrpc.getCreateWorkspaceMethod(), this::createWorkspace)
                .method(WorkspaceServiceGrpc.getDeleteWorkspaceMethod(), this::deleteWorkspace)
                .method(WorkspaceServiceGrpc.getGetWorkspaceMethod(), this::getWorkspace)
                .method(WorkspaceServiceGrpc.getListWorkspacesMethod(), this::listWorkspaces)
                .method(WorkspaceServiceGrpc.getUpsertCollectionMethod(), collections::upsert)
                .method(WorkspaceServiceGrpc.getDeleteCollectionMethod(), collections::delete)
                .method(WorkspaceServiceGrpc.getPromoteCollectionsMethod(), collections::promote)
                .method(WorkspaceServiceGrpc.getGetCollectionMethod(), this::getCollection)
                .method(WorkspaceServiceGrpc.getListCollectionsMethod(), this::listCollections)
                .build();
    }

    private void createWorkspace(CreateWorkspaceRequest request, Replies<Workspace> replies) {
        Violations violations = new Violations();
        violations.check("name", Identifiers.name(request.getName()));
        WorkspaceStage stage = stage(request, violations);
        violations.refuse();
        WorkspaceRow row =
                new WorkspaceRow(
                        ids.fresh().number(), request.getName(), stage, stamp(replies.call()));
        if (!catalog.create(row)) {
            throw new CallFailure(
                    new Failure.Refused(
                            Reason.WORKSPACE_ALREADY_EXISTS,
                            "workspace \"" + row.name() + "\" exists already",
                            Map.of("workspace", row.name())));
        }
        replies.send(Resources.workspace(row));
    }

    private static WorkspaceStage stage(CreateWorkspaceRequest request, Violations violations) {
        return switch (request.getStage()) {
            case WORKSPACE_STAGE_UNSPECIFIED, WORKSPACE_STAGE_PREVIEW -> WorkspaceStage.PREVIEW;
            case WORKSPACE_STAGE_PRODUCTION -> WorkspaceStage.PRODUCTION;
            case UNRECOGNIZED -> {
                violations.add("stage", "unknown value " + request.getStageValue() + " given");
                yield WorkspaceStage.PREVIEW;
            }
        };
    }

    private void deleteWorkspace(DeleteWorkspaceRequest request, Replies<Empty> replies) {
        Violations violations = new Violations();
        String name = request.getWorkspace();
        violations.check("workspace", Identifiers.name(name));
        violations.refuse();
        switch (catalog.delete(name, request.getForce(), stamp(replies.call()))) {
            case DELETED -> replies.send(Empty.getDefaultInstance());
            case MISSING -> throw Directory.missing(Reason.WORKSPACE_NOT_FOUND, "workspace", name);
            case NOT_EMPTY ->
                    throw new CallFailure(
                            new Failure.Refused(
                                    Reason.WORKSPACE_NOT_EMPTY,
                                    "collections live in workspace \""
                                            + name
                                            + "\": it is deleted with force only",
                                    Map.of("workspace", name)));
        }
    }

    private Stamp stamp(Call call) {
        return new Stamp(clock.instant().truncatedTo(ChronoUnit.MICROS), call.actor().id());
    }

    private void getWorkspace(GetWorkspaceRequest request, Replies<Workspace> replies) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(request.getWorkspace()));
        violations.refuse();
        replies.send(Resources.workspace(directory.workspace(request.getWorkspace())));
    }

    private void listWorkspaces(
            ListWorkspacesRequest request, Replies<ListWorkspacesResponse> replies) {
        Violations violations = new Violations();
        Pages pages = Pages.of("workspaces");
        int size = Pages.size(request.getPageSize(), violations);
        String after = pages.position(request.getPageToken(), violations);
        violations.refuse();
        List<WorkspaceRow> rows = catalog.workspaces(after, size + 1);
        List<WorkspaceRow> shown = rows.subList(0, Math.min(size, rows.size()));
        ListWorkspacesResponse.Builder page = ListWorkspacesResponse.newBuilder();
        shown.forEach(row -> page.addWorkspaces(Resources.workspace(row)));
        if (shown.size() < rows.size()) {
            page.setNextPageToken(pages.token(shown.getLast().name()));
        }
        replies.send(page.build());
    }

    private void getCollection(GetCollectionRequest request, Replies<Collection> replies) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(request.getWorkspace()));
        violations.check("collection", Identifiers.collectionName(request.getCollection()));
        Formats.check(request.getDataFormat(), request.getDataFormatValue(), violations);
        violations.refuse();
        CollectionRow row = directory.collection(request.getWorkspace(), request.getCollection());
        replies.send(Resources.collection(row, request.getDataFormat()));
    }

    private void listCollections(
            ListCollectionsRequest request, Replies<ListCollectionsResponse> replies) {
        Violations violations = new Violations();
        violations.check("workspace", Identifiers.name(request.getWorkspace()));
        Formats.check(request.getDataFormat(), request.getDataFormatValue(), violations);
        Pages pages = Pages.of("collections", request.getWorkspace());
        int size = Pages.size(request.getPageSize(), violations);
        String after = pages.position(request.getPageToken(), violations);
        violations.refuse();
        long workspace = directory.workspace(request.getWorkspace()).id();
        ListCollectionsResponse.Builder page = ListCollectionsResponse.newBuilder();
        if (fill(page, request, workspace, after, size)) {
            String last = page.getCollections(page.getCollectionsCount() - 1).getName();
            page.setNextPageToken(pages.token(last));
        }
        replies.send(page.build());
    }

    /** Fills a page; answers whether there are collections after it. */
    private boolean fill(
            ListCollectionsResponse.Builder page,
            ListCollectionsRequest request,
            long workspace,
            String first,
            int size) {
        ReplySpace space = new ReplySpace(limits.replyBytesMax());
        String after = first;
        while (true) {
            List<CollectionRow> rows = catalog.collections(workspace, after, COLLECTIONS_AT_ONCE);
            for (CollectionRow row : rows) {
                Collection encoded = Resources.collection(row, request.getDataFormat());
                boolean fits = space.take(encoded) || page.getCollectionsCount() == 0;
                if (!fits || page.getCollectionsCount() == size) {
                    return true;
                }
                page.addCollections(encoded);
                after = row.name();
            }
            if (rows.size() < COLLECTIONS_AT_ONCE) {
                return false;
            }
        }
    }
}
