package dev.tranche.server.model;

import static dev.tranche.v1.ErrorReason.ERROR_REASON_COLLECTION_NOT_FOUND;
import static dev.tranche.v1.ErrorReason.ERROR_REASON_DEPENDENCY_FAILED;

import dev.tranche.server.model.Course.Past;
import dev.tranche.server.model.Expected.Problem;
import dev.tranche.server.model.State.Document;
import dev.tranche.server.model.State.Holder;
import dev.tranche.server.model.State.Missing;
import dev.tranche.v1.ErrorReason;
import dev.tranche.v1.Operation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One operation on the state. If it is refused, the state is left half changed. */
final class Attempt {
    private final State state;
    private final Course course;
    private final int index;
    private final Operation operation;
    private final Drawn drawn;
    private final int incarnation;
    private @Nullable String about;

    Attempt(
            State state,
            Course course,
            int index,
            Operation operation,
            Drawn drawn,
            int incarnation) {
        this.state = state;
        this.course = course;
        this.index = index;
        this.operation = operation;
        this.drawn = drawn;
        this.incarnation = incarnation;
    }

    Past run() {
        return switch (operation.getOperationCase()) {
            case CREATE_RECORD -> new RecordChange(this).create(operation.getCreateRecord());
            case UPSERT_RECORD -> new RecordChange(this).upsert(operation.getUpsertRecord());
            case UPDATE_RECORD -> new RecordChange(this).update(operation.getUpdateRecord());
            case DELETE_RECORD -> new RecordDeletion(this).delete(operation.getDeleteRecord());
            case GET_RECORD -> new RecordChange(this).get(operation.getGetRecord());
            case UPSERT_RELATIONSHIP ->
                    new LinkChange(this).upsert(operation.getUpsertRelationship());
            case DELETE_RELATIONSHIP ->
                    new LinkChange(this).delete(operation.getDeleteRelationship());
            case UPSERT_COLLECTION ->
                    new CollectionChange(this).upsert(operation.getUpsertCollection());
            case DELETE_COLLECTION ->
                    new CollectionChange(this).delete(operation.getDeleteCollection());
            case OPERATION_NOT_SET -> throw new IllegalArgumentException("no operation");
        };
    }

    State state() {
        return state;
    }

    int index() {
        return index;
    }

    /** What a collection that it creates is called among all there ever were. */
    int incarnation() {
        return incarnation;
    }

    /** Id of the record it is about; null as long as that has not come out. */
    @Nullable String about() {
        return about;
    }

    String etag() {
        return drawn.etag(index);
    }

    /** An id that the server made. */
    String drawId() {
        about = drawn.id(index);
        return about;
    }

    /** The id of the record it is about. */
    String id(String text) {
        about = course.field(text, "id", path("id"));
        return about;
    }

    /** It turned out to be about a record that was found otherwise. */
    void isAbout(String id) {
        about = id;
    }

    String end(String text, String field) {
        return course.field(text, "id", path(field));
    }

    String ifMatch(String text) {
        return course.field(text, "etag", path("if_match"));
    }

    /** Absolute path of a field of the operation. */
    String path(String field) {
        String type = operation.getOperationCase().name().toLowerCase(Locale.ROOT);
        return "operations[" + index + "]." + type + "." + field;
    }

    Document data(Document given) {
        return operation.getDataReferences() ? course.resolved(given, path("data")) : given;
    }

    Holder collection(String name) {
        Holder holder = state.collections.get(name);
        if (holder == null) {
            throw missing(ERROR_REASON_COLLECTION_NOT_FOUND, new Missing.OfCollection(name));
        }
        return holder;
    }

    /** It is missing: because an earlier operation failed to make it, or it never was there. */
    Refused missing(ErrorReason reason, Missing what) {
        Integer culprit = state.missing.get(what);
        return culprit == null
                ? new Refused(Problem.of(reason))
                : new Refused(Problem.of(ERROR_REASON_DEPENDENCY_FAILED).causedBy(culprit));
    }
}
