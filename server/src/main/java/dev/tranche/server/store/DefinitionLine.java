package dev.tranche.server.store;

import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.UniqueConstraint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a collection demands of its records, as it is stored.
 *
 * @param numbers of its constraints, as {@code 1:hour,4:code}; null if it has none
 */
record DefinitionLine(
        long collectionId, long version, String definition, @Nullable String numbers) {

    Definitions.Entry entry() {
        CollectionDefinition parsed = StoredJson.definition(definition);
        return new Definitions.Entry(parsed, numbered(parsed), definition.length());
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
