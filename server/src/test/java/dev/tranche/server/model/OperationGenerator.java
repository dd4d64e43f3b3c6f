package dev.tranche.server.model;

import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.DeleteCollection;
import dev.tranche.v1.DeleteRecord;
import dev.tranche.v1.DeleteRelationship;
import dev.tranche.v1.GetRecord;
import dev.tranche.v1.Operation;
import dev.tranche.v1.RecordRef;
import dev.tranche.v1.UpdateRecord;
import dev.tranche.v1.UpsertRecord;
import dev.tranche.v1.UpsertRelationship;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes the operations of one batch. */
final class OperationGenerator {
    static final List<String> COLLECTIONS = List.of("a", "b", "Testing App");

    private static final int FIRST_RECORDS = 18;

    private final Chance chance;
    private final Set<Feature> features;
    private final IdGenerator ids;
    private final DataGenerator data;
    private final DefinitionGenerator definitions;

    OperationGenerator(Chance chance, Set<Feature> features) {
        this.chance = chance;
        this.features = features;
        this.ids = new IdGenerator(chance);
        this.data = new DataGenerator(chance, features, ids);
        this.definitions = new DefinitionGenerator(chance, features);
    }

    /** What a fresh workspace begins with: collections, and a few records. */
    List<Operation> beginning() {
        List<Operation> operations = new ArrayList<>();
        for (String collection : COLLECTIONS) {
            operations.add(DefinitionGenerator.plain(collection));
        }
        for (String collection : COLLECTIONS) {
            operations.add(
                    Operation.newBuilder()
                            .setUpsertCollection(definitions.definition(collection))
                            .build());
        }
        for (int i = 0; i < FIRST_RECORDS; i++) {
            ids.at(operations.size(), operations.size() + 1);
            operations.add(Operation.newBuilder().setUpsertRecord(upsert()).build());
        }
        return operations;
    }

    /**
     * An operation.
     *
     * @param index its position in the batch, of so many
     */
    Operation.Builder operation(int index, int size) {
        ids.at(index, size);
        Operation.Builder operation = Operation.newBuilder();
        if (chance.percent(70)) {
            operation.setAlias("op" + (chance.odd(30) ? 0 : index));
        }
        operation.setDataReferences(chance.percent(70));
        int choice = chance.below(1000);
        if (choice < 160) {
            operation.setCreateRecord(create());
        } else if (choice < 380) {
            operation.setUpsertRecord(upsert());
        } else if (choice < 560) {
            operation.setUpdateRecord(update());
        } else if (choice < 640) {
            operation.setDeleteRecord(delete());
        } else if (choice < 700) {
            operation.setGetRecord(get());
        } else if (choice < 855) {
            operation.setUpsertRelationship(link());
        } else if (choice < 910) {
            operation.setDeleteRelationship(unlink());
        } else if (choice < 988) {
            operation.setUpsertCollection(definitions.definition(chance.oneOf(COLLECTIONS)));
        } else {
            operation.setDeleteCollection(
                    DeleteCollection.newBuilder()
                            .setCollection(collection())
                            .setAllowMissing(chance.once(2)));
        }
        return operation;
    }

    private CreateRecord.Builder create() {
        String collection = collection();
        CreateRecord.Builder create =
                CreateRecord.newBuilder().setCollection(collection).setId(newId(collection));
        String text = data.object(collection);
        ids.makes(collection);
        return data.asStruct()
                ? create.setData(DataGenerator.struct(text))
                : create.setDataJson(text);
    }

    private String newId(String collection) {
        if (chance.percent(45)) {
            return "";
        }
        return chance.odd(3) ? ids.known(collection) : ids.any();
    }

    private UpsertRecord.Builder upsert() {
        String collection = collection();
        UpsertRecord.Builder upsert = UpsertRecord.newBuilder().setCollection(collection);
        if (features.contains(Feature.BY_CONSTRAINT) && chance.once(4)) {
            upsert.setByConstraint(
                    chance.odd(6)
                            ? chance.oneOf(DefinitionGenerator.CONSTRAINTS)
                            : Wishes.unique(collection, chance.below(4)));
        }
        if (upsert.getByConstraint().isEmpty() || chance.odd(100)) {
            upsert.setId(
                    chance.percent(40)
                            ? newId(collection)
                            : chance.percent(70) ? ids.known(collection) : ids.any());
        }
        if (features.contains(Feature.PRECONDITIONS)) {
            boolean named = !upsert.getId().isEmpty() || !upsert.getByConstraint().isEmpty();
            upsert.setIfMatch(named || chance.odd(6) ? ifMatch(collection, upsert.getId()) : "");
            if (chance.odd(upsert.getIfMatch().isEmpty() ? 4 : 40)) {
                upsert.setIfNoneMatch(chance.odd(40) ? "x" : "*");
            }
        }
        String text =
                upsert.getByConstraint().isEmpty()
                        ? data.object(collection)
                        : data.whole(collection);
        ids.makes(collection);
        if (chance.once(6)) {
            int number = chance.below(IdGenerator.MANY);
            if (!upsert.getId().isEmpty()) {
                upsert.setId(Wishes.living(collection, number)).setIfMatch("");
            }
            return upsert.setDataJson(Wishes.data(collection, number));
        }
        return data.asStruct()
                ? upsert.setData(DataGenerator.struct(text))
                : upsert.setDataJson(text);
    }

    private UpdateRecord.Builder update() {
        String collection = collection();
        String id = ids.known(collection);
        UpdateRecord.Builder update =
                UpdateRecord.newBuilder()
                        .setCollection(collection)
                        .setId(id)
                        .setIfMatch(ifMatch(collection, id));
        String text = data.patch(collection);
        ids.makes(collection);
        return data.asStruct()
                ? update.setData(DataGenerator.struct(text))
                : update.setDataJson(text);
    }

    private DeleteRecord.Builder delete() {
        String collection = collection();
        String id =
                chance.once(2)
                        ? Wishes.parent(collection, chance.below(IdGenerator.MANY))
                        : ids.known(collection);
        return DeleteRecord.newBuilder()
                .setCollection(collection)
                .setId(id)
                .setAllowMissing(chance.once(3))
                .setIfMatch(ifMatch(collection, id));
    }

    private GetRecord.Builder get() {
        String collection = collection();
        String id = ids.known(collection);
        ids.makes(collection);
        return GetRecord.newBuilder()
                .setCollection(collection)
                .setId(id)
                .setIfMatch(ifMatch(collection, id));
    }

    private UpsertRelationship.Builder link() {
        int number = chance.below(IdGenerator.MANY);
        boolean same = chance.once(3);
        UpsertRelationship.Builder link =
                UpsertRelationship.newBuilder()
                        .setType(same ? Wishes.link("type", number) : type())
                        .setSource(same ? end("source", number) : end())
                        .setTarget(same ? end("target", number) : end());
        if (chance.once(3)) {
            return link;
        }
        String text = data.patch("a");
        return data.asStruct() ? link.setData(DataGenerator.struct(text)) : link.setDataJson(text);
    }

    private DeleteRelationship.Builder unlink() {
        int number = chance.below(IdGenerator.MANY);
        boolean same = chance.percent(70);
        return DeleteRelationship.newBuilder()
                .setType(same ? Wishes.link("type", number) : type())
                .setSource(same ? end("source", number) : end())
                .setTarget(same ? end("target", number) : end())
                .setAllowMissing(chance.careful() || chance.once(3));
    }

    /** Empty where none is asked for. */
    private String ifMatch(String collection, String id) {
        if (!features.contains(Feature.PRECONDITIONS) || !chance.percent(35)) {
            return "";
        }
        if (chance.once(6)) {
            return "*";
        }
        if (chance.odd(3)) {
            return chance.once(2) ? Wishes.firstEtag(collection, id) : "no etag at all";
        }
        return id.startsWith("${")
                ? id.replace(".id}", ".etag}")
                : chance.odd(8) ? ids.reference("etag") : Wishes.etag(collection, id);
    }

    private RecordRef.Builder end() {
        String collection = collection();
        return RecordRef.newBuilder().setCollection(collection).setId(ids.known(collection));
    }

    /** An end of a relationship that is there, if there is one. */
    private static RecordRef.Builder end(String end, int number) {
        return RecordRef.newBuilder()
                .setCollection(Wishes.link(end + " collection", number))
                .setId(Wishes.link(end, number));
    }

    private String type() {
        return chance.once(3) ? "likes" : "has";
    }

    private String collection() {
        return chance.odd(20) ? "nowhere" : chance.oneOf(COLLECTIONS);
    }
}
