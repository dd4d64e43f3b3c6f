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
import java.util.ArrayList;
import java.util.List;

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
        WorkingSet set = new WorkingSet(snapshot);
        History history = new History(program.items());
        Validation validation = new Validation(schemas);
        Needs needs = new Needs();
        for (Item item : program.items()) {
            Scope scope = new Scope(program, item, set, history, validation, limits);
            Step step = apply(scope, item.operation());
            history.add(item, step);
            switch (step) {
                case Step.Done done -> set.apply(done.edits(), item.index());
                case Step.Incomplete incomplete -> needs.addAll(incomplete.needs());
                case Step.Failed failed -> {}
            }
        }
        return needs.isEmpty()
                ? new Pass.Complete(outcomes(program, history), set.changes())
                : new Pass.Incomplete(needs);
    }

    private static Step apply(Scope scope, Operation operation) {
        try {
            scope.settleId();
            return switch (operation) {
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

    private static List<IndexedOutcome> outcomes(Program program, History history) {
        List<IndexedOutcome> outcomes = new ArrayList<>(program.items().size());
        for (int i = 0; i < program.items().size(); i++) {
            Outcome outcome =
                    switch (history.step(i)) {
                        case Step.Done done -> done.result();
                        case Step.Failed failed -> new Outcome.Failed(failed.error());
                        case Step.Incomplete incomplete ->
                                throw new IllegalStateException(
                                        "an incomplete pass has no outcomes");
                    };
            outcomes.add(new IndexedOutcome(program.items().get(i).index(), outcome));
        }
        return outcomes;
    }
}
