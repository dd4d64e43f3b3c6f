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
 * @param references to other collections, at most {@link #REFERENCES_MAX}, in the order given
 * @param ifMatchRequired whether who changes a live record must say which version of it
 */
public record CollectionDefinition(
        @Nullable Json schema,
        List<ConstraintDefinition> constraints,
        List<ReferenceDefinition> references,
        boolean ifMatchRequired) {
    /** Unique constraints of one collection. */
    public static final int CONSTRAINTS_MAX = 16;

    /** References of one collection. */
    public static final int REFERENCES_MAX = 16;

    public CollectionDefinition {
        constraints = List.copyOf(constraints);
        references = List.copyOf(references);
    }

    /**
     * The text that is stored: {@code {"unique_constraints":[{"name":…,"fields":[…]}],
     * "references":[{"field":…,"collection":…,"on_delete":…}],"if_match_required":true,"schema":…}}.
     * The schema stands in it byte for byte, one level deeper. What there is none of is left out,
     * but for the constraints.
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
