package dev.tranche.server.operation;

import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.DeleteCollection;
import dev.tranche.server.operation.Operation.DeleteRecord;
import dev.tranche.server.operation.Operation.DeleteRelationship;
import dev.tranche.server.operation.Operation.GetRecord;
import dev.tranche.server.operation.Operation.UpdateRecord;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.Operation.UpsertRecord;
import dev.tranche.server.operation.Operation.UpsertRelationship;
import dev.tranche.server.schema.JsonSchemas;

/**
 * Says what operations mean. A pass applies all of them, one after another, to a working set in
 * memory; the same program over the same snapshot always comes to the same end. An operation that
 * fails leaves the working set as it was, and the next ones go on.
 */
public final class Interpreter {
    private final JsonSchemas schemas;
    private final OperationLimits limits;

    public Interpreter(JsonSchemas schemas, OperationLimits limits) {
        this.schemas = schemas;
        this.limits = limits;
    }

    /** Applies the program to what is loaded, as far as that goes. */
    public Pass run(Program program, Snapshot snapshot) {
        Spending spending = new Spending(limits);
        Walk walk = new Walk(program, snapshot, spending);
        Validation validation = new Validation(schemas);
        for (Item item : program.items()) {
            walk.enter(item);
            walk.add(item, apply(new Scope(program, item, walk, validation, spending)));
            if (walk.hasEnded()) {
                break;
            }
        }
        return walk.end();
    }

    private static Step apply(Scope scope) {
        try {
            scope.settle();
            return switch (scope.item().operation()) {
                case CreateRecord create -> RecordOperations.create(scope, create);
                case UpsertRecord upsert -> RecordOperations.upsert(scope, upsert);
                case UpdateRecord update -> RecordOperations.update(scope, update);
                case DeleteRecord delete -> RecordOperations.delete(scope, delete);
                case GetRecord get -> RecordOperations.get(scope, get);
                case UpsertRelationship upsert -> RelationshipOperations.upsert(scope, upsert);
                case DeleteRelationship delete -> RelationshipOperations.delete(scope, delete);
                case UpsertCollection upsert -> CollectionOperations.upsert(scope, upsert);
                case DeleteCollection delete -> CollectionOperations.delete(scope, delete);
            };
        } catch (Stop stop) {
            return stop.step();
        }
    }
}
