package dev.tranche.server.store;

import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.CollectionReference;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.ReferenceDefinition;
import dev.tranche.server.schema.UniqueConstraint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a collection demands of its records, as it is stored.
 *
 * @param numbers of its constraints, as {@code 1:hour,4:code}; null if it has none
 * @param targets of its references by field, a JSON object of {@code [number, collection id]}; null
 *     if it has none
 */
record DefinitionLine(
        long collectionId,
        long version,
        String definition,
        @Nullable String numbers,
        @Nullable String targets) {

    Definitions.Entry entry() {
        CollectionDefinition parsed = StoredJson.definition(definition);
        return new Definitions.Entry(
                parsed, numbered(parsed), references(parsed), definition.length());
    }

    private List<CollectionReference> references(CollectionDefinition parsed) {
        JsonNode byField = targets == null ? null : StoredJson.parse(targets).tree();
        List<CollectionReference> references = new ArrayList<>();
        for (ReferenceDefinition one : parsed.references()) {
            JsonNode target = byField == null ? null : byField.get(one.field());
            if (target == null) {
                throw new IllegalStateException("reference " + one.field() + " has no number");
            }
            references.add(
                    new CollectionReference(
                            target.path(0).asInt(),
                            one.field(),
                            one.collection(),
                            target.path(1).asLong(),
                            one.onDelete()));
        }
        return List.copyOf(references);
    }

    private List<UniqueConstraint> numbered(CollectionDefinition parsed) {
        Map<String, Integer> byName = new HashMap<>();
        if (numbers != null) {
            for (String one : numbers.split(",", -1)) {
                int colon = one.indexOf(':');
                byName.put(one.substring(colon + 1), Integer.valueOf(one.substring(0, colon)));
            }
        }
        List<UniqueConstraint> constraints = new ArrayList<>();
        for (ConstraintDefinition one : parsed.constraints()) {
            Integer number = byName.get(one.name());
            if (number == null) {
                throw new IllegalStateException("constraint " + one.name() + " has no number");
            }
            constraints.add(new UniqueConstraint(number, one.name(), one.fields()));
        }
        return List.copyOf(constraints);
    }
}
