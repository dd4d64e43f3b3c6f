package dev.tranche.server.model;

import dev.tranche.v1.CollectionReference;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.Operation;
import dev.tranche.v1.UniqueConstraint;
import dev.tranche.v1.UpsertCollection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes definitions of collections: their JSON Schemas are of a family the model can check. */
final class DefinitionGenerator {
    static final List<String> CONSTRAINTS = List.of("u1", "u2", "u3");

    private static final List<List<String>> FIELDS =
            List.of(
                    List.of("n"),
                    List.of("s"),
                    List.of("o.q"),
                    List.of("n", "s"),
                    List.of("n", "s"),
                    List.of("s", "o.q", "n"));

    private final Chance chance;
    private final Set<Feature> features;

    DefinitionGenerator(Chance chance, Set<Feature> features) {
        this.chance = chance;
        this.features = features;
    }

    /** A collection without rules. */
    static Operation plain(String collection) {
        return Operation.newBuilder()
                .setUpsertCollection(UpsertCollection.newBuilder().setCollection(collection))
                .build();
    }

    UpsertCollection.Builder definition(String collection) {
        UpsertCollection.Builder upsert = UpsertCollection.newBuilder().setCollection(collection);
        String schema = schema();
        if (!schema.isEmpty()) {
            if (chance.once(2)) {
                upsert.setSchema(DataGenerator.struct(schema));
            } else {
                upsert.setSchemaJson(schema);
            }
        }
        for (String name : CONSTRAINTS) {
            if (chance.once(3)) {
                upsert.addUniqueConstraints(
                        UniqueConstraint.newBuilder()
                                .setName(chance.odd(20) ? "u1" : name)
                                .addAllFields(chance.oneOf(FIELDS)));
            }
        }
        if (features.contains(Feature.POINTERS)) {
            addPointers(upsert);
        }
        if (features.contains(Feature.PRECONDITIONS)) {
            upsert.setIfMatchRequired(chance.once(10));
        }
        return upsert;
    }

    private void addPointers(UpsertCollection.Builder upsert) {
        for (String field : List.of("r", "o.t")) {
            if (chance.percent(45)) {
                upsert.addReferences(
                        CollectionReference.newBuilder()
                                .setField(chance.odd(20) ? "r" : field)
                                .setCollection(
                                        chance.odd(20)
                                                ? "nowhere"
                                                : chance.oneOf(OperationGenerator.COLLECTIONS))
                                .setOnDelete(onDelete()));
            }
        }
    }

    private OnDelete onDelete() {
        return chance.oneOf(
                List.of(
                        OnDelete.ON_DELETE_UNSPECIFIED,
                        OnDelete.ON_DELETE_RESTRICT,
                        OnDelete.ON_DELETE_CASCADE,
                        OnDelete.ON_DELETE_CASCADE));
    }

    /** Empty for none. */
    private String schema() {
        if (chance.odd(15)) {
            return "{\"type\":\"nonsense\"}";
        }
        if (chance.percent(50)) {
            return "";
        }
        Map<String, String> properties = new LinkedHashMap<>();
        addType(properties, "n", "integer");
        addType(properties, "s", "string");
        addType(properties, "o", "object");
        Map<String, String> members = new LinkedHashMap<>();
        members.put("type", "\"object\"");
        members.put("properties", DataGenerator.joined(chance, properties));
        if (chance.odd(3)) {
            members.put("required", "[\"" + chance.oneOf(List.of("n", "s")) + "\"]");
        }
        return DataGenerator.joined(chance, members);
    }

    private void addType(Map<String, String> properties, String name, String type) {
        if (chance.once(4)) {
            properties.put(name, "{\"type\":\"" + type + "\"}");
        }
    }
}
