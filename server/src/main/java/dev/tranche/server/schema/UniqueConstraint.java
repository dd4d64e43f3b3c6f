package dev.tranche.server.schema;

import java.security.MessageDigest;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A unique constraint of a collection: no two live records have the same values in all its fields.
 *
 * @param number from 1; never used again in its collection
 * @param name as {@link Identifiers#name} allows
 * @param fields 1 to 8 field paths, in the order they were given
 */
public record UniqueConstraint(int number, String name, List<String> fields) {

    public UniqueConstraint {
        fields = List.copyOf(fields);
    }

    /** What a record's data gives for a constraint. */
    public sealed interface KeyResult {
        /** All fields have a value. 1 and 1.0 hash the same, 1 and "1" do not. */
        record Key(KeyHash hash) implements KeyResult {}

        /** A field is missing or null: the record is not held to the constraint, as in SQL. */
        record None() implements KeyResult {}

        /**
         * A field holds an object or array, whatever the other fields hold.
         *
         * @param pointer RFC 6901 pointer of the first such field
         */
        record NotScalar(String pointer) implements KeyResult {}
    }

    /** Finds the key of a record's data. */
    public KeyResult keyOf(Json data) {
        MessageDigest digest = Sha256.digest();
        CanonicalForm form = new CanonicalForm(digest);
        boolean complete = true;
        for (String field : fields) {
            JsonNode value = data.at(field);
            if (value.isContainer()) {
                return new KeyResult.NotScalar(FieldPath.pointer(field));
            }
            complete &= !value.isMissingNode() && !value.isNull();
            if (complete) {
                form.write(value);
            }
        }
        if (!complete) {
            return new KeyResult.None();
        }
        form.end();
        return new KeyResult.Key(KeyHash.ofBytes(digest.digest(), 0));
    }
}
