package dev.tranche.server.model;

import dev.tranche.v1.Atomicity;
import dev.tranche.v1.BatchInsertRequest;
import dev.tranche.v1.CollectionReference;
import dev.tranche.v1.CreateRecord;
import dev.tranche.v1.DeleteRecord;
import dev.tranche.v1.ExecuteBatchRequest;
import dev.tranche.v1.InsertRecord;
import dev.tranche.v1.OnConflict;
import dev.tranche.v1.OnError;
import dev.tranche.v1.Operation;
import dev.tranche.v1.UniqueConstraint;
import dev.tranche.v1.UpsertCollection;
import java.util.List;
import java.util.Random;

/**
 * Makes inserts out of a seed, into a collection with one to three unique constraints that overlap.
 * They know few ids and values, so that records get in each other's way.
 */
final class InsertGenerator {
    private static final String COLLECTION = "items";
    private static final int RECORDS_MAX = 14;

    private final Random random;

    InsertGenerator(long seed, int number) {
        random = new Random(seed * 1_000_003 + number);
        // Neighbouring seeds give alike first numbers.
        random.nextLong();
    }

    /** What there is before the first insert: the collections, and records to point at. */
    ExecuteBatchRequest beginning() {
        UpsertCollection.Builder items =
                UpsertCollection.newBuilder()
                        .setCollection(COLLECTION)
                        .setSchemaJson("{\"properties\":{\"n\":{\"type\":\"integer\"}}}")
                        .addUniqueConstraints(unique("by_n", "n"));
        if (random.nextBoolean()) {
            items.addUniqueConstraints(unique("by_m", "m"));
        }
        if (random.nextBoolean()) {
            items.addUniqueConstraints(unique("by_both", "n", "m"));
        }
        if (random.nextBoolean()) {
            items.addReferences(
                    CollectionReference.newBuilder().setField("p").setCollection("parents"));
        }
        items.setIfMatchRequired(random.nextInt(6) == 0);
        return ExecuteBatchRequest.newBuilder()
                .setOnError(OnError.ON_ERROR_CONTINUE)
                .addOperations(upsert(UpsertCollection.newBuilder().setCollection("parents")))
                .addOperations(upsert(items))
                .addOperations(
                        Operation.newBuilder()
                                .setCreateRecord(
                                        CreateRecord.newBuilder()
                                                .setCollection("parents")
                                                .setId("a")
                                                .setDataJson("{}")))
                .build();
    }

    /** Leaves tombstones behind. */
    ExecuteBatchRequest deletion() {
        return ExecuteBatchRequest.newBuilder()
                .setOnError(OnError.ON_ERROR_CONTINUE)
                .addOperations(
                        Operation.newBuilder()
                                .setDeleteRecord(
                                        DeleteRecord.newBuilder()
                                                .setCollection(COLLECTION)
                                                .setId(id())
                                                .setAllowMissing(true)))
                .build();
    }

    /** An insert, without its workspace. */
    BatchInsertRequest insert() {
        BatchInsertRequest.Builder request =
                BatchInsertRequest.newBuilder()
                        .setCollection(COLLECTION)
                        .setOnConflictValue(random.nextInt(4))
                        .setValidateOnly(random.nextInt(8) == 0);
        boolean byConstraint =
                request.getOnConflict() == OnConflict.ON_CONFLICT_UPDATE && random.nextBoolean();
        if (byConstraint) {
            request.setConflictConstraint("by_n");
        }
        switch (random.nextInt(5)) {
            case 0 -> request.setAtomicity(Atomicity.ATOMICITY_ALL);
            case 1 -> request.setOrdered(true);
            case 2 -> request.setMaxFailures(1 + random.nextInt(3));
            default -> request.setMaxFailures(0);
        }
        int size = 1 + random.nextInt(RECORDS_MAX);
        boolean givesIds =
                request.getOnConflict() == OnConflict.ON_CONFLICT_UPDATE && !byConstraint;
        for (int i = 0; i < size; i++) {
            request.addRecords(record(givesIds, byConstraint));
        }
        return request.build();
    }

    private InsertRecord record(boolean givesIds, boolean givesNone) {
        InsertRecord.Builder record = InsertRecord.newBuilder().setDataJson(data());
        boolean gives = random.nextInt(12) == 0 ? random.nextBoolean() : givesIds;
        if (gives || (!givesNone && random.nextInt(3) == 0)) {
            record.setId(id());
        }
        return record.build();
    }

    private String data() {
        return switch (random.nextInt(20)) {
            case 0 -> "{";
            case 1 -> "{\"n\":\"no\"}";
            case 2 -> "{\"n\":1.0}";
            case 3 -> "{\"m\":[]}";
            case 4 -> "{\"p\":\"b\"}";
            default -> "{" + members() + "}";
        };
    }

    private String members() {
        StringBuilder members = new StringBuilder("\"x\":" + random.nextInt(2));
        if (random.nextInt(4) > 0) {
            members.append(",\"n\":").append(random.nextInt(12));
        }
        if (random.nextInt(3) == 0) {
            members.append(",\"m\":").append(random.nextInt(12));
        }
        if (random.nextInt(8) == 0) {
            members.append(",\"p\":\"a\"");
        }
        return members.toString();
    }

    private String id() {
        return List.of("a", "b", "c", "d", "é").get(random.nextInt(5));
    }

    private static UniqueConstraint unique(String name, String... fields) {
        return UniqueConstraint.newBuilder().setName(name).addAllFields(List.of(fields)).build();
    }

    private static Operation upsert(UpsertCollection.Builder collection) {
        return Operation.newBuilder().setUpsertCollection(collection).build();
    }
}
