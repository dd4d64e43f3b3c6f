package dev.tranche.server.model;

import dev.tranche.v1.CollectionReference;
import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.DeleteCollection;
import dev.tranche.v1.DeleteRecord;
import dev.tranche.v1.DeleteRelationship;
import dev.tranche.v1.GetRecord;
import dev.tranche.v1.OnDelete;
import dev.tranche.v1.Operation;
import dev.tranche.v1.RecordRef;
import dev.tranche.v1.UniqueConstraint;
import dev.tranche.v1.UpdateRecord;
import dev.tranche.v1.UpsertCollection;
import dev.tranche.v1.UpsertRecord;
import dev.tranche.v1.UpsertRelationship;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Makes the operations of one batch. */
final class OperationGenerator {
    private static final List<String> COLLECTIONS = List.of("a", "b", "Testing App");
    private static final List<String> CONSTRAINTS = List.of("u1", "u2", "u3");
    private static final List<List<String>> FIELDS =
            List.of(
                    List.of("n"),
                    List.of("s"),
                    List.of("o.q"),
                    List.of("n", "s"),
                    List.of("s", "o.q", "n"));

    private final Random random;
    private final Set<Feature> features;
    private final DataGenerator data;

    OperationGenerator(Random random, Set<Feature> features) {
        this.random = random;
        this.features = features;
        this.data = new DataGenerator(random, features);
    }

    /** What a fresh workspace begins with. */
    List<Operation> definitions() {
        List<Operation> operations = new ArrayList<>();
        for (int round = 0; round < 2; round++) {
            for (String collection : COLLECTIONS) {
                UpsertCollection.Builder upsert = definition().setCollection(collection);
                operations.add(Operation.newBuilder().setUpsertCollection(upsert).build());
            }
        }
        return operations;
    }

    /**
     * An operation.
     *
     * @param index its position in the batch, of so many
     */
    Operation.Builder operation(int index, int size) {
        data.at(index, size);
        Operation.Builder operation = Operation.newBuilder();
        if (random.nextInt(3) > 0) {
            operation.setAlias("op" + (random.nextInt(60) == 0 ? 0 : index));
        }
        operation.setDataReferences(random.nextInt(5) < 3);
        int choice = random.nextInt(100);
        if (choice < 16) {
            return operation.setCreateRecord(create());
        }
        if (choice < 38) {
            return operation.setUpsertRecord(upsert());
        }
        if (choice < 54) {
            return operation.setUpdateRecord(update());
        }
        if (choice < 63) {
            return operation.setDeleteRecord(delete());
        }
        if (choice < 70) {
            return operation.setGetRecord(get());
        }
        if (choice < 82) {
            return operation.setUpsertRelationship(link());
        }
        if (choice < 87) {
            return operation.setDeleteRelationship(unlink());
        }
        return choice < 98
                ? operation.setUpsertCollection(definition().setCollection(collection()))
                : operation.setDeleteCollection(
                        DeleteCollection.newBuilder()
                                .setCollection(collection())
                                .setAllowMissing(random.nextBoolean()));
    }

    private CreateRecord.Builder create() {
        CreateRecord.Builder create = CreateRecord.newBuilder().setCollection(collection());
        if (random.nextInt(3) > 0) {
            create.setId(data.id());
        }
        String text = data.object();
        return data.asStruct()
                ? create.setData(DataGenerator.struct(text))
                : create.setDataJson(text);
    }

    private UpsertRecord.Builder upsert() {
        String collection = collection();
        UpsertRecord.Builder upsert = UpsertRecord.newBuilder().setCollection(collection);
        boolean byConstraint = features.contains(Feature.BY_CONSTRAINT) && random.nextInt(3) == 0;
        if (byConstraint) {
            upsert.setByConstraint(oneOf(CONSTRAINTS));
        }
        if (random.nextInt(8) > 0 && (!byConstraint || random.nextInt(200) == 0)) {
            upsert.setId(data.id());
        }
        if (features.contains(Feature.PRECONDITIONS)) {
            int choice = random.nextInt(8);
            if (choice < 3) {
                upsert.setIfMatch(ifMatch(collection, upsert.getId()));
            }
            if (choice == 3 || random.nextInt(300) == 0) {
                upsert.setIfNoneMatch("*");
            }
        }
        String text = data.object();
        return data.asStruct()
                ? upsert.setData(DataGenerator.struct(text))
                : upsert.setDataJson(text);
    }

    private UpdateRecord.Builder update() {
        String collection = collection();
        String id = data.id();
        UpdateRecord.Builder update =
                UpdateRecord.newBuilder()
                        .setCollection(collection)
                        .setId(id)
                        .setIfMatch(maybeIfMatch(collection, id));
        String text = data.patch();
        return data.asStruct()
                ? update.setData(DataGenerator.struct(text))
                : update.setDataJson(text);
    }

    private DeleteRecord.Builder delete() {
        String collection = collection();
        String id = data.id();
        return DeleteRecord.newBuilder()
                .setCollection(collection)
                .setId(id)
                .setAllowMissing(random.nextInt(3) == 0)
                .setIfMatch(maybeIfMatch(collection, id));
    }

    private GetRecord.Builder get() {
        String collection = collection();
        String id = data.id();
        return GetRecord.newBuilder()
                .setCollection(collection)
                .setId(id)
                .setIfMatch(maybeIfMatch(collection, id));
    }

    private UpsertRelationship.Builder link() {
        UpsertRelationship.Builder link =
                UpsertRelationship.newBuilder().setType(type()).setSource(end()).setTarget(end());
        if (random.nextInt(3) == 0) {
            return link;
        }
        String text = data.patch();
        return data.asStruct() ? link.setData(DataGenerator.struct(text)) : link.setDataJson(text);
    }

    private DeleteRelationship.Builder unlink() {
        return DeleteRelationship.newBuilder()
                .setType(type())
                .setSource(end())
                .setTarget(end())
                .setAllowMissing(random.nextInt(3) == 0);
    }

    private UpsertCollection.Builder definition() {
        UpsertCollection.Builder upsert = UpsertCollection.newBuilder();
        String schema = data.schema();
        if (!schema.isEmpty()) {
            if (random.nextBoolean()) {
                upsert.setSchema(DataGenerator.struct(schema));
            } else {
                upsert.setSchemaJson(schema);
            }
        }
        for (String name : CONSTRAINTS) {
            if (random.nextInt(3) == 0) {
                upsert.addUniqueConstraints(
                        UniqueConstraint.newBuilder()
                                .setName(random.nextInt(60) == 0 ? "u1" : name)
                                .addAllFields(oneOf(FIELDS)));
            }
        }
        if (features.contains(Feature.POINTERS)) {
            addPointers(upsert);
        }
        if (features.contains(Feature.PRECONDITIONS)) {
            upsert.setIfMatchRequired(random.nextInt(8) == 0);
        }
        return upsert;
    }

    private void addPointers(UpsertCollection.Builder upsert) {
        for (String field : List.of("r", "o.t")) {
            if (random.nextInt(5) < 2) {
                upsert.addReferences(
                        CollectionReference.newBuilder()
                                .setField(random.nextInt(60) == 0 ? "r" : field)
                                .setCollection(collection())
                                .setOnDeleteValue(random.nextInt(OnDelete.values().length - 1)));
            }
        }
    }

    private String maybeIfMatch(String collection, String id) {
        return features.contains(Feature.PRECONDITIONS) && random.nextInt(3) == 0
                ? ifMatch(collection, id)
                : "";
    }

    private String ifMatch(String collection, String id) {
        String known = id.isEmpty() || id.startsWith("$") ? oneOf(DataGenerator.IDS) : id;
        return switch (random.nextInt(8)) {
            case 0 -> "*";
            case 1 -> Wishes.firstEtag(collection, known);
            case 2 -> "no etag at all";
            case 3 -> data.reference("etag");
            default -> Wishes.etag(collection, known);
        };
    }

    private RecordRef.Builder end() {
        return RecordRef.newBuilder().setCollection(collection()).setId(data.id());
    }

    private String type() {
        return random.nextInt(3) == 0 ? "likes" : "has";
    }

    private String collection() {
        return random.nextInt(60) == 0 ? "nowhere" : oneOf(COLLECTIONS);
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
