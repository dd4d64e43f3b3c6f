package dev.tranche.server.operation;

import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.schema.CompiledSchema;
import dev.tranche.server.schema.InvalidSchemaException;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.JsonSchemas;
import dev.tranche.server.schema.Violation;
import java.util.IdentityHashMap;
import java.util.List;

/** Validates data against the schemas of collections; compiles each once a pass. */
final class Validation {
    private final JsonSchemas schemas;
    private final IdentityHashMap<Json, CompiledSchema> compiled = new IdentityHashMap<>();

    Validation(JsonSchemas schemas) {
        this.schemas = schemas;
    }

    /** Compiles a schema that a caller gives. */
    CompiledSchema compile(Json schema) throws InvalidSchemaException {
        return schemas.compile(schema);
    }

    /** What the collection's schema finds wrong; paths are pointers into the data. */
    List<Violation> validate(CollectionRow collection, Json data) {
        Json schema = collection.definition().schema();
        return schema == null
                ? List.of()
                : compiled.computeIfAbsent(schema, this::compileStored).validate(data);
    }

    private CompiledSchema compileStored(Json schema) {
        try {
            return schemas.compile(schema);
        } catch (InvalidSchemaException e) {
            throw new IllegalStateException("a stored schema no longer compiles", e);
        }
    }
}
