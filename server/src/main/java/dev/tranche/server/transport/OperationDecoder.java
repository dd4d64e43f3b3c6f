package dev.tranche.server.transport;

import com.google.protobuf.Struct;
import dev.tranche.server.operation.IdExpression;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.Operation.End;
import dev.tranche.server.operation.Operation.Payload;
import dev.tranche.server.operation.Precondition;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.OnDelete;
import dev.tranche.server.schema.ReferenceDefinition;
import dev.tranche.v1.CollectionReference;
import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.DeleteCollection;
import dev.tranche.v1.DeleteRecord;
import dev.tranche.v1.DeleteRelationship;
import dev.tranche.v1.GetRecord;
import dev.tranche.v1.RecordRef;
import dev.tranche.v1.UpdateRecord;
import dev.tranche.v1.UpsertCollection;
import dev.tranche.v1.UpsertRecord;
import dev.tranche.v1.UpsertRelationship;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads one operation. What it makes is whole only if it adds no violation.
 *
 * @param path of the operation, {@code operations[1].create_record} for one
 * @param references whether the operation says {@code data_references}
 */
record OperationDecoder(String path, boolean references, Violations violations) {
    /**
     * Reads it.
     *
     * @param at path of the message, {@code operations[1]} for one; empty for the request itself
     * @return null if none of the types is set
     */
    static @Nullable Operation decode(
            dev.tranche.v1.Operation message, String at, Violations violations) {
        dev.tranche.v1.Operation.OperationCase type = message.getOperationCase();
        String path = (at.isEmpty() ? "" : at + ".") + type.name().toLowerCase(Locale.ROOT);
        OperationDecoder decoder =
                new OperationDecoder(path, message.getDataReferences(), violations);
        return switch (type) {
            case CREATE_RECORD -> decoder.createRecord(message.getCreateRecord());
            case UPSERT_RECORD -> decoder.upsertRecord(message.getUpsertRecord());
            case UPDATE_RECORD -> decoder.updateRecord(message.getUpdateRecord());
            case DELETE_RECORD -> decoder.deleteRecord(message.getDeleteRecord());
            case GET_RECORD -> decoder.getRecord(message.getGetRecord());
            case UPSERT_RELATIONSHIP -> decoder.upsertRelationship(message.getUpsertRelationship());
            case DELETE_RELATIONSHIP -> decoder.deleteRelationship(message.getDeleteRelationship());
            case UPSERT_COLLECTION -> decoder.upsertCollection(message.getUpsertCollection());
            case DELETE_COLLECTION -> decoder.deleteCollection(message.getDeleteCollection());
            case OPERATION_NOT_SET -> {
                violations.add(at, "no operation given, one allowed");
                yield null;
            }
        };
    }

    private Operation createRecord(CreateRecord message) {
        return new Operation.CreateRecord(
                collection(message.getCollection()),
                id("id", message.getId()),
                data(
                        message.hasData() ? message.getData() : null,
                        message.hasDataJson() ? message.getDataJson() : null),
                false);
    }

    private Operation upsertRecord(UpsertRecord message) {
        if (!message.getByConstraint().isEmpty() && !message.getId().isEmpty()) {
            violations.add(
                    path + ".by_constraint", "given together with an id, one of them allowed");
        }
        return new Operation.UpsertRecord(
                collection(message.getCollection()),
                id("id", message.getId()),
                message.getByConstraint().isEmpty() ? null : constraint(message.getByConstraint()),
                data(
                        message.hasData() ? message.getData() : null,
                        message.hasDataJson() ? message.getDataJson() : null),
                precondition(message.getIfMatch(), message.getIfNoneMatch()),
                false);
    }

    private Operation updateRecord(UpdateRecord message) {
        return new Operation.UpdateRecord(
                collection(message.getCollection()),
                requiredId("id", message.getId()),
                data(
                        message.hasData() ? message.getData() : null,
                        message.hasDataJson() ? message.getDataJson() : null),
                Precondition.ifMatch(message.getIfMatch()));
    }

    private Operation deleteRecord(DeleteRecord message) {
        return new Operation.DeleteRecord(
                collection(message.getCollection()),
                requiredId("id", message.getId()),
                message.getAllowMissing(),
                Precondition.ifMatch(message.getIfMatch()));
    }

    private Operation getRecord(GetRecord message) {
        return new Operation.GetRecord(
                collection(message.getCollection()),
                requiredId("id", message.getId()),
                Precondition.ifMatch(message.getIfMatch()));
    }

    private Operation upsertRelationship(UpsertRelationship message) {
        boolean bare = message.getPayloadCase() == UpsertRelationship.PayloadCase.PAYLOAD_NOT_SET;
        return new Operation.UpsertRelationship(
                type(message.getType()),
                end("source", message.hasSource(), message.getSource()),
                end("target", message.hasTarget(), message.getTarget()),
                bare
                        ? null
                        : data(
                                message.hasData() ? message.getData() : null,
                                message.hasDataJson() ? message.getDataJson() : null));
    }

    private Operation deleteRelationship(DeleteRelationship message) {
        return new Operation.DeleteRelationship(
                type(message.getType()),
                end("source", message.hasSource(), message.getSource()),
                end("target", message.hasTarget(), message.getTarget()),
                message.getAllowMissing());
    }

    private Operation upsertCollection(UpsertCollection message) {
        DataDecoder decoder = new DataDecoder(violations);
        Json schema =
                switch (message.getDefinitionCase()) {
                    case SCHEMA -> decoder.struct(message.getSchema(), path + ".schema");
                    case SCHEMA_JSON ->
                            decoder.text(message.getSchemaJson(), path + ".schema_json");
                    case DEFINITION_NOT_SET -> null;
                };
        List<ConstraintDefinition> constraints =
                message.getUniqueConstraintsList().stream()
                        .map(one -> new ConstraintDefinition(one.getName(), one.getFieldsList()))
                        .toList();
        return new Operation.UpsertCollection(
                collection(message.getCollection()),
                new CollectionDefinition(
                        schema,
                        constraints,
                        references(message.getReferencesList()),
                        message.getIfMatchRequired()));
    }

    private Operation deleteCollection(DeleteCollection message) {
        return new Operation.DeleteCollection(
                collection(message.getCollection()), message.getAllowMissing());
    }

    private List<ReferenceDefinition> references(List<CollectionReference> messages) {
        List<ReferenceDefinition> references = new ArrayList<>();
        for (CollectionReference one : messages) {
            String at = path + ".references[" + references.size() + "].on_delete";
            references.add(
                    new ReferenceDefinition(
                            one.getField(), one.getCollection(), onDelete(one, at)));
        }
        return references;
    }

    private OnDelete onDelete(CollectionReference reference, String at) {
        return switch (reference.getOnDelete()) {
            case ON_DELETE_UNSPECIFIED, ON_DELETE_RESTRICT -> OnDelete.RESTRICT;
            case ON_DELETE_CASCADE -> OnDelete.CASCADE;
            case UNRECOGNIZED -> {
                violations.add(at, "unknown value " + reference.getOnDeleteValue() + " given");
                yield OnDelete.RESTRICT;
            }
        };
    }

    private Precondition precondition(String ifMatch, String ifNoneMatch) {
        if (ifNoneMatch.isEmpty()) {
            return Precondition.ifMatch(ifMatch);
        }
        if (!ifNoneMatch.equals("*")) {
            violations.add(path + ".if_none_match", "anything but \"*\" given, only that allowed");
        }
        if (!ifMatch.isEmpty()) {
            violations.add(
                    path + ".if_none_match", "given together with if_match, one of them allowed");
        }
        return new Precondition.Absent();
    }

    private String constraint(String name) {
        violations.check(path + ".by_constraint", Identifiers.name(name));
        return name;
    }

    private String collection(String name) {
        violations.check(path + ".collection", Identifiers.collectionName(name));
        return name;
    }

    private String type(String name) {
        violations.check(path + ".type", Identifiers.name(name));
        return name;
    }

    private IdExpression id(String field, String text) {
        return text.isEmpty() ? new IdExpression.Generated() : requiredId(field, text);
    }

    private IdExpression requiredId(String field, String text) {
        violations.check(path + "." + field, Identifiers.recordId(text));
        return IdExpression.parse(text);
    }

    private End end(String field, boolean given, RecordRef end) {
        if (!given) {
            violations.add(path + "." + field, "none given, one allowed");
        } else {
            violations.check(
                    path + "." + field + ".collection",
                    Identifiers.collectionName(end.getCollection()));
        }
        return new End(
                end.getCollection(),
                given ? requiredId(field + ".id", end.getId()) : new IdExpression.Generated());
    }

    private Payload data(@Nullable Struct struct, @Nullable String text) {
        return new Payload(new DataDecoder(violations).object(struct, text, path), references);
    }
}
