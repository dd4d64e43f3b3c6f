package dev.tranche.server.schema;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.List;

/** Compiles JSON Schemas of draft 2020-12. Safe for use by many threads. */
public final class JsonSchemas {
    private final JsonLimits limits;

    public JsonSchemas(JsonLimits limits) {
        this.limits = limits;
    }

    /**
     * Compiles a schema, or finds it among those compiled before.
     *
     * @throws InvalidSchemaException if it is no schema, or not one that Tranche takes
     */
    public CompiledSchema compile(Json schema) throws InvalidSchemaException {
        try {
            Schema compiled =
                    SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(schema.tree());
            compiled.initializeValidators();
            return new CompiledSchema(compiled, limits);
        } catch (RuntimeException e) {
            throw new InvalidSchemaException(List.of(new Violation("", "no JSON Schema given")));
        }
    }
}
