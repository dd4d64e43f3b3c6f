package dev.tranche.server.transport;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import dev.tranche.server.operation.Resource;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.RecordRow;
import dev.tranche.server.operation.Rows.RelationshipRow;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.ReferenceDefinition;
import dev.tranche.v1.Collection;
import dev.tranche.v1.CollectionReference;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.Record;
import dev.tranche.v1.RecordRef;
import dev.tranche.v1.Relationship;
import dev.tranche.v1.UniqueConstraint;
import dev.tranche.v1.Workspace;
import dev.tranche.v1.WorkspaceStage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Says in messages what is stored. */
final class Resources {
    private Resources() {}

    static Record record(String collection, RecordRow row, DataFormat format) {
        Record.Builder record =
                Record.newBuilder()
                        .setCollection(collection)
                        .setId(row.key().id())
                        .setVersion(row.version())
                        .setEtag(row.etag())
                        .setCreateTime(time(row.created().at()))
                        .setUpdateTime(time(row.updated().at()))
                        .setCreatedBy(row.created().by())
                        .setUpdatedBy(row.updated().by())
                        .setConstraintsIgnored(row.constraintsIgnored());
        if (row.deletedAt() != null) {
            record.setDeleteTime(time(row.deletedAt()));
        }
        Struct data = asStruct(row.data(), format);
        return data == null
                ? record.setDataJson(row.data().text()).build()
                : record.setData(data).build();
    }

    static Workspace workspace(WorkspaceRow row) {
        return Workspace.newBuilder()
                .setName(row.name())
                .setCreateTime(time(row.created().at()))
                .setCreatedBy(row.created().by())
                .setStage(stage(row.stage()))
                .build();
    }

    private static WorkspaceStage stage(dev.tranche.server.operation.WorkspaceStage stage) {
        return switch (stage) {
            case PREVIEW -> WorkspaceStage.WORKSPACE_STAGE_PREVIEW;
            case PRODUCTION -> WorkspaceStage.WORKSPACE_STAGE_PRODUCTION;
        };
    }

    static Relationship relationship(Resource.OfRelationship link, DataFormat format) {
        RelationshipRow row = link.row();
        Relationship.Builder relationship =
                Relationship.newBuilder()
                        .setType(row.key().type())
                        .setSource(ref(link.source(), row.key().source().id()))
                        .setTarget(ref(link.target(), row.key().target().id()))
                        .setVersion(row.version())
                        .setCreateTime(time(row.created().at()))
                        .setUpdateTime(time(row.updated().at()))
                        .setCreatedBy(row.created().by())
                        .setUpdatedBy(row.updated().by());
        Json data = row.data();
        if (data == null) {
            return relationship.build();
        }
        Struct struct = asStruct(data, format);
        return struct == null
                ? relationship.setDataJson(data.text()).build()
                : relationship.setData(struct).build();
    }

    private static RecordRef ref(String collection, String id) {
        return RecordRef.newBuilder().setCollection(collection).setId(id).build();
    }

    static Collection collection(CollectionRow row, DataFormat format) {
        return collection(Resource.OfCollection.of(row), format);
    }

    static Collection collection(Resource.OfCollection row, DataFormat format) {
        Collection.Builder collection =
                Collection.newBuilder()
                        .setName(row.name())
                        .setVersion(row.version())
                        .setCreateTime(time(row.created().at()))
                        .setUpdateTime(time(row.updated().at()))
                        .setCreatedBy(row.created().by())
                        .setUpdatedBy(row.updated().by());
        row.definition().constraints().stream()
                .map(Resources::constraint)
                .forEach(collection::addUniqueConstraints);
        row.definition().references().stream()
                .map(Resources::reference)
                .forEach(collection::addReferences);
        collection.setIfMatchRequired(row.definition().ifMatchRequired());
        Json schema = row.definition().schema();
        if (schema == null) {
            return collection.build();
        }
        Struct struct = asStruct(schema, format);
        return struct == null
                ? collection.setSchemaJson(schema.text()).build()
                : collection.setSchema(struct).build();
    }

    private static UniqueConstraint constraint(ConstraintDefinition constraint) {
        return UniqueConstraint.newBuilder()
                .setName(constraint.name())
                .addAllFields(constraint.fields())
                .build();
    }

    private static CollectionReference reference(ReferenceDefinition reference) {
        return CollectionReference.newBuilder()
                .setField(reference.field())
                .setCollection(reference.collection())
                .setOnDelete(
                        switch (reference.onDelete()) {
                            case RESTRICT -> OnDelete.ON_DELETE_RESTRICT;
                            case CASCADE -> OnDelete.ON_DELETE_CASCADE;
                        })
                .build();
    }

    /** Null if it is to be sent as text: asked for, or the only way not to lose digits. */
    private static @Nullable Struct asStruct(Json json, DataFormat format) {
        boolean wanted = format != DataFormat.DATA_FORMAT_JSON && json.isObject();
        return wanted ? Documents.struct(json) : null;
    }

    static Timestamp time(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static com.google.protobuf.Duration duration(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }
}
