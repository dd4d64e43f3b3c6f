package dev.tranche.demo;

import dev.tranche.client.Operations;
import dev.tranche.terminal.Screen;
import dev.tranche.v1.ExecuteBatchResponse;
import dev.tranche.v1.Operation;
import dev.tranche.v1.OperationResult;
import dev.tranche.v1.RecordRef;
import dev.tranche.v1.UniqueConstraint;
import dev.tranche.v1.UpsertCollection;
import dev.tranche.v1.UpsertRelationship;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Step 1: two collections, three airports and the links between them, in one transaction. */
final class Airports {
    private static final String COLLECTION = "airports";
    private static final List<String> NEW_YORK = List.of("EWR", "JFK", "LGA");
    private static final UniqueConstraint ONE_PER_HOUR =
            UniqueConstraint.newBuilder()
                    .setName(Weather.CONSTRAINT)
                    .addAllFields(List.of("origin", "year", "month", "day", "hour"))
                    .build();

    private final Session session;

    Airports(Session session) {
        this.session = session;
    }

    void run() {
        session.screen()
                .heading("1  ExecuteBatch: collections, airports and how far apart they are");
        List<Operation> operations = operations();
        ExecuteBatchResponse reply = session.execute("ExecuteBatch, airports", operations);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("index", "operation", "outcome"));
        for (OperationResult result : reply.getResultsList()) {
            rows.add(
                    List.of(
                            Integer.toString(result.getIndex()),
                            describe(operations.get(result.getIndex())),
                            Screen.name(result.getOutcome())));
        }
        session.screen().table(rows);
    }

    private static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        operations.add(
                Operations.upsertCollection(COLLECTION, Resources.text("airports.schema.json")));
        operations.add(
                Operations.upsertCollection(
                        Weather.COLLECTION, Resources.text("weather.schema.json"), ONE_PER_HOUR));
        CsvTable.AIRPORTS.read().stream()
                .filter(airport -> NEW_YORK.contains(airport.key()))
                .map(airport -> Operations.createRecord(COLLECTION, airport.key(), airport.json()))
                .forEach(operations::add);
        // Great circles by the coordinates in airports.csv.
        operations.add(nearby("EWR", "JFK", "{\"km\": 33.4}"));
        operations.add(nearby("JFK", "LGA", "{\"km\": 17.2}"));
        operations.add(nearby("LGA", "EWR", "{\"km\": 26.7}"));
        return operations;
    }

    private static Operation nearby(String from, String to, String dataJson) {
        return Operation.newBuilder()
                .setUpsertRelationship(
                        UpsertRelationship.newBuilder()
                                .setType("nearby")
                                .setSource(airport(from))
                                .setTarget(airport(to))
                                .setDataJson(dataJson))
                .build();
    }

    private static RecordRef airport(String id) {
        return RecordRef.newBuilder().setCollection(COLLECTION).setId(id).build();
    }

    private static String describe(Operation operation) {
        if (operation.hasUpsertCollection()) {
            return describe(operation.getUpsertCollection());
        }
        if (operation.hasCreateRecord()) {
            return "record " + operation.getCreateRecord().getId();
        }
        UpsertRelationship link = operation.getUpsertRelationship();
        return "relationship %s %s %s %s"
                .formatted(
                        link.getSource().getId(),
                        link.getType(),
                        link.getTarget().getId(),
                        link.getDataJson());
    }

    private static String describe(UpsertCollection collection) {
        String unique =
                collection.getUniqueConstraintsList().stream()
                        .map(constraint -> ", unique " + constraint.getFieldsList())
                        .collect(Collectors.joining());
        return "collection " + collection.getCollection() + unique;
    }
}
