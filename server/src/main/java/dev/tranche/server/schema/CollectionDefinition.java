package dev.tranche.server.schema;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a collection demands of its records. Equal by value: a schema that is only written otherwise
 * is the same definition.
 *
 * @param schema the JSON Schema of their data; null if any object is fine
 * @param constraints the unique constraints, at most {@link #CONSTRAINTS_MAX}, in the order given
 */
public record CollectionDefinition(@Nullable Json schema, List<ConstraintDefinition> constraints) {
    /** Unique constraints of one collection. */
    public static final int CONSTRAINTS_MAX = 16;

    public CollectionDefinition {
        constraints = List.copyOf(constraints);
    }

    /**
     * The text that is stored: {@code {"unique_constraints":[{"name":…,"fields":[…]}],"schema":…}}.
     * The schema stands in it byte for byte, one level deeper; it is left out if there is none.
     */
    public String toJson() {
        return StoredDefinition.write(this);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws InvalidJsonException if it is anything else
     */
    public static CollectionDefinition fromJson(String text) throws InvalidJsonException {
        return StoredDefinition.read(text);
    }

    /** SHA-256 of the text that is stored, 32 bytes. */
    public byte[] hash() {
        return Sha256.digest().digest(toJson().getBytes(StandardCharsets.UTF_8));
    }
}
