package dev.tranche.server.execute;

import dev.tranche.server.execute.ExecuteRequest.Step;
import dev.tranche.server.operation.IdExpression;
import dev.tranche.server.operation.Operation;
import dev.tranche.server.operation.Operation.CreateRecord;
import dev.tranche.server.operation.Operation.DeleteCollection;
import dev.tranche.server.operation.Operation.DeleteRecord;
import dev.tranche.server.operation.Operation.DeleteRelationship;
import dev.tranche.server.operation.Operation.End;
import dev.tranche.server.operation.Operation.GetRecord;
import dev.tranche.server.operation.Operation.Payload;
import dev.tranche.server.operation.Operation.UpdateRecord;
import dev.tranche.server.operation.Operation.UpsertCollection;
import dev.tranche.server.operation.Operation.UpsertRecord;
import dev.tranche.server.operation.Operation.UpsertRelationship;
import dev.tranche.server.operation.Precondition;
import dev.tranche.server.operation.Reference;
import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.Json;
import dev.tranche.server.schema.ReferenceDefinition;
import org.jspecify.annotations.Nullable;

/** What a request asks for, as 64 hex digits, as {@link ContentDigest} says. */
final class ContentHash {
    /** Raised when the form below changes. */
    private static final byte VERSION = 1;

    private final ContentDigest digest = new ContentDigest(VERSION);

    static String of(ExecuteRequest request) {
        ContentHash hash = new ContentHash();
        hash.text("on_error", request.onError().name());
        if (request.view() != ResultView.BASIC) {
            hash.text("result_view", request.view().name());
        }
        hash.digest.labels(request.labels());
        request.steps().forEach(hash::step);
        return hash.digest.hex();
    }

    private void step(Step step) {
        text("operation", step.operation().name());
        if (step.alias() != null) {
            text("alias", step.alias());
        }
        if (step.group() != null) {
            text("atomic_group", step.group());
        }
        operation(step.operation());
    }

    private void operation(Operation operation) {
        switch (operation) {
            case CreateRecord create -> {
                record(create.collection(), create.id());
                payload(create.data());
            }
            case UpsertRecord upsert -> {
                record(upsert.collection(), upsert.id());
                if (upsert.byConstraint() != null) {
                    text("by_constraint", upsert.byConstraint());
                }
                payload(upsert.data());
                precondition(upsert.precondition());
            }
            case UpdateRecord update -> {
                record(update.collection(), update.id());
                payload(update.patch());
                precondition(update.precondition());
            }
            case DeleteRecord delete -> {
                record(delete.collection(), delete.id());
                flag("allow_missing", delete.allowMissing());
                precondition(delete.precondition());
            }
            case GetRecord get -> {
                record(get.collection(), get.id());
                precondition(get.precondition());
            }
            case UpsertRelationship upsert -> {
                link(upsert.type(), upsert.source(), upsert.target());
                payload(upsert.data());
            }
            case DeleteRelationship delete -> {
                link(delete.type(), delete.source(), delete.target());
                flag("allow_missing", delete.allowMissing());
            }
            case UpsertCollection upsert -> {
                text("collection", upsert.collection());
                definition(upsert.definition());
            }
            case DeleteCollection delete -> {
                text("collection", delete.collection());
                flag("allow_missing", delete.allowMissing());
            }
        }
    }

    private void definition(CollectionDefinition definition) {
        json("schema", definition.schema());
        definition.constraints().forEach(this::constraint);
        for (ReferenceDefinition reference : definition.references()) {
            text("reference", reference.field());
            text("collection", reference.collection());
            text("on_delete", reference.onDelete().name());
        }
        flag("if_match_required", definition.ifMatchRequired());
    }

    private void precondition(Precondition precondition) {
        switch (precondition) {
            case Precondition.None none -> {}
            case Precondition.Lives lives -> text("if_match", "*");
            case Precondition.Absent absent -> text("if_none_match", "*");
            case Precondition.HasEtag has -> text("if_match", has.etag());
            case Precondition.HasEtagOf has -> text("if_match", has.reference().text());
        }
    }

    private void constraint(ConstraintDefinition constraint) {
        text("constraint", constraint.name());
        constraint.fields().forEach(field -> text("field", field));
    }

    private void link(String type, End source, End target) {
        text("type", type);
        record(source.collection(), source.id());
        record(target.collection(), target.id());
    }

    private void record(String collection, IdExpression id) {
        text("collection", collection);
        switch (id) {
            case IdExpression.Literal literal -> text("id", literal.id());
            case IdExpression.Generated none -> {}
            case IdExpression.FromResult result -> reference(result.reference());
        }
    }

    private void reference(Reference reference) {
        text("reference", reference.text());
    }

    private void payload(@Nullable Payload payload) {
        if (payload != null) {
            flag("data_references", payload.references());
            json("data", payload.json());
        }
    }

    private void json(String tag, @Nullable Json json) {
        digest.json(tag, json);
    }

    private void flag(String tag, boolean set) {
        digest.flag(tag, set);
    }

    private void text(String tag, String value) {
        digest.text(tag, value);
    }
}
