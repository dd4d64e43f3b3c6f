package dev.tranche.server.transport;

import dev.tranche.server.engine.RelationshipReader;
import dev.tranche.server.engine.RelationshipReader.Ends;
import dev.tranche.server.engine.RelationshipReader.Position;
import dev.tranche.server.operation.Resource.OfRelationship;
import dev.tranche.server.operation.RowKey.RecordKey;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.v1.ListRelationshipsRequest;
import dev.tranche.v1.ListRelationshipsResponse;
import dev.tranche.v1.RecordRef;
import dev.tranche.v1.Relationship;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code ListRelationships}.
 *
 * @param replyBytesMax of a page, encoded
 */
record RelationshipReads(Directory directory, RelationshipReader relationships, int replyBytesMax) {
    /** Parts a page token's position; no type and no id has one in it. */
    private static final String SEPARATOR = "\n";

    void list(ListRelationshipsRequest request, Replies<ListRelationshipsResponse> replies) {
        Violations violations = new Violations();
        check(request, violations);
        Pages pages = pages(request);
        int size = Pages.size(request.getPageSize(), violations);
        String token = pages.position(request.getPageToken(), violations);
        violations.refuse();
        Ends ends = ends(request);
        Position after = token.isEmpty() ? null : position(token);
        List<OfRelationship> rows = relationships.list(ends, after, size + 1, replyBytesMax);
        ListRelationshipsResponse.Builder page = ListRelationshipsResponse.newBuilder();
        ReplySpace space = new ReplySpace(replyBytesMax);
        for (OfRelationship row : rows) {
            Relationship link = Resources.relationship(row, request.getDataFormat());
            boolean fits = space.take(link) || page.getRelationshipsCount() == 0;
            if (!fits || page.getRelationshipsCount() == size) {
                break;
            }
            page.addRelationships(link);
            after = position(row, ends);
        }
        if (after != null && hasMore(rows, page, ends, after)) {
            page.setNextPageToken(pages.token(text(after)));
        }
        replies.send(page.build());
    }

    /** A page that is not full may have been cut because of its bytes. */
    private boolean hasMore(
            List<OfRelationship> rows,
            ListRelationshipsResponse.Builder page,
            Ends ends,
            Position after) {
        int shown = page.getRelationshipsCount();
        return shown < rows.size()
                || (shown > 0 && !relationships.list(ends, after, 1, 1).isEmpty());
    }

    private static void check(ListRelationshipsRequest request, Violations violations) {
        violations.check("workspace", Identifiers.name(request.getWorkspace()));
        if (!request.hasSource() && !request.hasTarget()) {
            violations.add("source", "neither source nor target given, at least one allowed");
        }
        if (request.hasSource()) {
            check("source", request.getSource(), violations);
        }
        if (request.hasTarget()) {
            check("target", request.getTarget(), violations);
        }
        if (!request.getType().isEmpty()) {
            violations.check("type", Identifiers.name(request.getType()));
        }
        Formats.check(request.getDataFormat(), request.getDataFormatValue(), violations);
    }

    private static void check(String path, RecordRef end, Violations violations) {
        violations.check(path + ".collection", Identifiers.collectionName(end.getCollection()));
        violations.check(path + ".id", Identifiers.recordId(end.getId()));
    }

    private static Pages pages(ListRelationshipsRequest request) {
        return Pages.of(
                "relationships",
                request.getWorkspace(),
                request.getSource().getCollection(),
                request.getSource().getId(),
                request.getTarget().getCollection(),
                request.getTarget().getId(),
                request.getType());
    }

    private Ends ends(ListRelationshipsRequest request) {
        WorkspaceRow workspace = directory.workspace(request.getWorkspace());
        return new Ends(
                request.hasSource() ? key(workspace, request.getSource()) : null,
                request.hasTarget() ? key(workspace, request.getTarget()) : null,
                request.getType().isEmpty() ? null : request.getType());
    }

    private RecordKey key(WorkspaceRow workspace, RecordRef end) {
        return new RecordKey(
                directory.collection(workspace, end.getCollection()).id(), end.getId());
    }

    private static Position position(OfRelationship row, Ends ends) {
        @Nullable RecordKey source = ends.source();
        RecordKey other = source == null ? row.row().key().source() : row.row().key().target();
        return new Position(row.row().key().type(), other);
    }

    private static String text(Position position) {
        RecordKey other = position.other();
        return String.join(
                SEPARATOR, position.type(), Long.toString(other.collection()), other.id());
    }

    /** The position of a token that this server made. */
    private static Position position(String text) {
        String[] parts = text.split(SEPARATOR, 3);
        return new Position(parts[0], new RecordKey(Long.parseLong(parts[1]), parts[2]));
    }
}
