package dev.tranche.server.schema;

import java.util.List;

/**
 * A unique constraint as a caller defines it.
 *
 * @param name as {@link Identifiers#name} allows, unique in its collection
 * @param fields 1 to {@link #FIELDS_MAX} different field paths
 */
public record ConstraintDefinition(String name, List<String> fields) {
    /** Fields of one constraint. */
    public static final int FIELDS_MAX = 8;

    public ConstraintDefinition {
        fields = List.copyOf(fields);
    }
}
