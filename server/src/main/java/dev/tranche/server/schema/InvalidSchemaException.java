package dev.tranche.server.schema;

import java.util.List;

/** A JSON Schema that Tranche does not take. */
public final class InvalidSchemaException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Violation> violations;

    InvalidSchemaException(List<Violation> violations) {
        super(violations.getFirst().path() + ": " + violations.getFirst().description());
        this.violations = List.copyOf(violations);
    }

    /** What is wrong, 1 to 20 of them; paths are pointers into the schema. */
    public List<Violation> violations() {
        return violations;
    }
}
