package dev.tranche.server.schema;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import java.util.List;

/** A JSON Schema ready to be applied. Safe for use by many threads. */
public final class CompiledSchema {
    private final Schema schema;
    private final JsonLimits limits;

    CompiledSchema(Schema schema, JsonLimits limits) {
        this.schema = schema;
        this.limits = limits;
    }

    /**
     * Applies the schema to a value.
     *
     * @return what is wrong, in the order of the schema's keywords, at most {@link
     *     JsonLimits#violationsMax}; empty if the value satisfies the schema
     */
    public List<Violation> validate(Json data) {
        return schema.validate(data.tree()).stream()
                .limit(limits.violationsMax())
                .map(CompiledSchema::violation)
                .toList();
    }

    private static Violation violation(Error error) {
        return new Violation(error.getInstanceLocation().toString(), error.getMessage());
    }
}
