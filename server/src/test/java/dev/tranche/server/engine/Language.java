package dev.tranche.server.engine;

import dev.tranche.server.operation.IdExpression;
import dev.tranche.server.operation.IndexedOutcome;
import dev.tranche.server.operation.Interpreter;
import dev.tranche.server.operation.Item;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.DeleteCollection;
import dev.tranche.server.operation.Operation.DeleteRecord;
import dev.tranche.server.operation.Operation.End;
import dev.tranche.server.operation.Operation.GetRecord;
import dev.tranche.server.operation.Operation.Payload;
import dev.tranche.server.operation.Operation.UpdateRecord;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.Operation.UpsertRecord;
import dev.tranche.server.operation.Operation.UpsertRelationship;
import dev.tranche.server.operation.OperationLimits;
import dev.tranche.server.operation.Outcome;
import dev.tranche.server.operation.Pass;
import dev.tranche.server.operation.Precondition;
import dev.tranche.server.operation.Program;
import dev.tranche.server.operation.Program.Rules;
import dev.tranche.server.operation.Rows.Stamp;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.InvalidJsonException;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.JsonLimits;
import dev.tranche.server.schema.JsonSchemas;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs operations on tables in memory, as a CONTINUE batch would. */
final class Language {
    private static final OperationLimits LIMITS =
            new OperationLimits(1 << 20, 100, 1 << 20, 1 << 22, 10);

    private static final Precondition NONE = new Precondition.None();

    private final MemoryRows rows = new MemoryRows();
    private final FreshIds ids = new FreshIds();
    private final Engine engine =
            new Engine(new Interpreter(new JsonSchemas(JsonLimits.DEFAULTS), LIMITS), 16);

    MemoryRows rows() {
        return rows;
    }

    Engine engine() {
        return engine;
    }

    List<Outcome> run(Operation... operations) {
        return write(complete(program(Rules.EACH, operations)));
    }

    Program program(Rules rules, Operation... operations) {
        List<Item> items = new ArrayList<>();
        for (Operation operation : operations) {
            int index = items.size();
            String path = "operations[" + index + "]." + operation.name();
            items.add(new Item(index, null, null, path, operation, ids.fresh()));
        }
        return new Program(1, items, new Stamp(Instant.EPOCH, "tester"), rules);
    }

    List<Outcome> write(Pass.Complete pass) {
        rows.flush(1, pass.changes());
        return pass.outcomes().stream().map(IndexedOutcome::outcome).toList();
    }

    private Pass.Complete complete(Program program) {
        Budget budget = new Budget(Duration.ofMinutes(1), () -> false);
        Locks locks = new Locks();
        while (true) {
            try {
                return engine.apply(rows, program, locks, budget);
            } catch (LocksOutOfOrder again) {
                budget.check();
            }
        }
    }

    static Operation create(String collection, String id, String data) {
        return new CreateRecord(collection, IdExpression.parse(id), payload(data), false);
    }

    static Operation upsert(String collection, String id, String data) {
        return new UpsertRecord(
                collection, IdExpression.parse(id), null, payload(data), NONE, false);
    }

    static Operation update(String collection, String id, String patch) {
        return new UpdateRecord(collection, IdExpression.parse(id), payload(patch), NONE);
    }

    static Operation delete(String collection, String id) {
        return new DeleteRecord(collection, IdExpression.parse(id), false, NONE);
    }

    static Operation get(String collection, String id) {
        return new GetRecord(collection, IdExpression.parse(id), NONE);
    }

    static Operation link(String from, String fromId, String to, String toId) {
        return new UpsertRelationship("link", end(from, fromId), end(to, toId), null);
    }

    static Operation collection(
            String name, @Nullable String schema, String constraint, String field) {
        return new UpsertCollection(
                name,
                new CollectionDefinition(
                        schema == null ? null : json(schema),
                        List.of(new ConstraintDefinition(constraint, List.of(field))),
                        List.of(),
                        false));
    }

    static Operation deleteCollection(String name) {
        return new DeleteCollection(name, false);
    }

    private static End end(String collection, String id) {
        return new End(collection, IdExpression.parse(id));
    }

    private static Payload payload(String data) {
        return new Payload(json(data), true);
    }

    static Json json(String text) {
        try {
            return Json.parse(text);
        } catch (InvalidJsonException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
