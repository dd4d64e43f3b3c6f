package dev.tranche.server.e2e;

import com.google.protobuf.Struct;
import dev.tranche.client.Operations;
import dev.tranche.v1.CollectionReference;
import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.DeleteCollection;
import dev.tranche.v1.DeleteRecord;
import dev.tranche.v1.DeleteRelationship;
import dev.tranche.v1.GetRecord;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.Operation;
import dev.tranche.v1.RecordRef;
import dev.tranche.v1.UniqueConstraint;
import dev.tranche.v1.UpsertCollection;
import dev.tranche.v1.UpsertRelationship;
import java.util.List;

/** Short ways to say operations. */
final class Ops {
    private Ops() {}

    static Operation collection(String name, UniqueConstraint... constraints) {
        return Operation.newBuilder()
                .setUpsertCollection(
                        UpsertCollection.newBuilder()
                                .setCollection(name)
                                .addAllUniqueConstraints(List.of(constraints)))
                .build();
    }

    static Operation schema(String name, String schemaJson, UniqueConstraint... constraints) {
        return Operations.upsertCollection(name, schemaJson, constraints);
    }

    static UniqueConstraint unique(String name, String... fields) {
        return UniqueConstraint.newBuilder().setName(name).addAllFields(List.of(fields)).build();
    }

    static Operation dropCollection(String name) {
        return Operation.newBuilder()
                .setDeleteCollection(DeleteCollection.newBuilder().setCollection(name))
                .build();
    }

    static Operation create(String collection, String id, String dataJson) {
        return Operations.createRecord(collection, id, dataJson);
    }

    static Operation create(String collection, String id, Struct data) {
        return Operation.newBuilder()
                .setCreateRecord(
                        CreateRecord.newBuilder().setCollection(collection).setId(id).setData(data))
                .build();
    }

    static Operation upsert(String collection, String id, String dataJson) {
        return Operations.upsertRecord(collection, id, dataJson);
    }

    static Operation update(String collection, String id, String patchJson) {
        return Operations.updateRecord(collection, id, patchJson);
    }

    static Operation delete(String collection, String id) {
        return Operation.newBuilder()
                .setDeleteRecord(DeleteRecord.newBuilder().setCollection(collection).setId(id))
                .build();
    }

    static Operation get(String collection, String id) {
        return Operation.newBuilder()
                .setGetRecord(GetRecord.newBuilder().setCollection(collection).setId(id))
                .build();
    }

    static Operation link(String type, String collection, String source, String target) {
        return Operation.newBuilder()
                .setUpsertRelationship(
                        UpsertRelationship.newBuilder()
                                .setType(type)
                                .setSource(ref(collection, source))
                                .setTarget(ref(collection, target)))
                .build();
    }

    static Operation unlink(String type, String collection, String source, String target) {
        return Operation.newBuilder()
                .setDeleteRelationship(
                        DeleteRelationship.newBuilder()
                                .setType(type)
                                .setSource(ref(collection, source))
                                .setTarget(ref(collection, target)))
                .build();
    }

    static Operation named(String alias, Operation operation) {
        return operation.toBuilder().setAlias(alias).build();
    }

    /** An upsert of the record that a unique constraint finds. */
    static Operation upsertBy(String collection, String constraint, String dataJson) {
        Operation upsert = upsert(collection, "", dataJson);
        return upsert.toBuilder()
                .setUpsertRecord(upsert.getUpsertRecord().toBuilder().setByConstraint(constraint))
                .build();
    }

    /** The same operation, for the version with this etag. */
    static Operation ifMatch(Operation operation, String etag) {
        Operation.Builder with = operation.toBuilder();
        switch (operation.getOperationCase()) {
            case UPSERT_RECORD -> with.getUpsertRecordBuilder().setIfMatch(etag);
            case UPDATE_RECORD -> with.getUpdateRecordBuilder().setIfMatch(etag);
            case DELETE_RECORD -> with.getDeleteRecordBuilder().setIfMatch(etag);
            case GET_RECORD -> with.getGetRecordBuilder().setIfMatch(etag);
            default -> throw new IllegalArgumentException("takes no if_match: " + operation);
        }
        return with.build();
    }

    /** The same upsert, if no record lives there. */
    static Operation ifNoneMatch(Operation upsert) {
        return upsert.toBuilder()
                .setUpsertRecord(upsert.getUpsertRecord().toBuilder().setIfNoneMatch("*"))
                .build();
    }

    static CollectionReference reference(String field, String collection, OnDelete onDelete) {
        return CollectionReference.newBuilder()
                .setField(field)
                .setCollection(collection)
                .setOnDelete(onDelete)
                .build();
    }

    static Operation pointing(String name, CollectionReference... references) {
        return Operation.newBuilder()
                .setUpsertCollection(
                        UpsertCollection.newBuilder()
                                .setCollection(name)
                                .addAllReferences(List.of(references)))
                .build();
    }

    /** The same operation, with references in its data. */
    static Operation referring(Operation operation) {
        return operation.toBuilder().setDataReferences(true).build();
    }

    private static RecordRef ref(String collection, String id) {
        return RecordRef.newBuilder().setCollection(collection).setId(id).build();
    }
}
