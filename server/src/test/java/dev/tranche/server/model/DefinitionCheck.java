package dev.tranche.server.model;

import dev.tranche.server.model.State.Definition;
import dev.tranche.server.model.State.Document;
import dev.tranche.server.model.State.Pointer;
import dev.tranche.server.model.State.Unique;
import dev.tranche.v1.Collection;
import java.util.List;

/** Compares a collection that the server shows with what it must be. */
final class DefinitionCheck {
    private final Differences differences;

    DefinitionCheck(Differences differences) {
        this.differences = differences;
    }

    void check(String name, Definition expected, long version, Collection given) {
        differences.unless(name + ".version", version, given.getVersion());
        Document schema =
                RecordChange.payload(
                        given.hasSchema() ? given.getSchema() : null,
                        given.hasSchemaJson() ? given.getSchemaJson() : null);
        Document wanted = expected.schema();
        if (wanted == null ? schema != null : !wanted.sameAs(schema)) {
            differences.add(name + ".schema", wanted, schema);
        }
        List<Unique> unique =
                given.getUniqueConstraintsList().stream()
                        .map(one -> new Unique(one.getName(), List.copyOf(one.getFieldsList())))
                        .toList();
        differences.unless(name + ".unique_constraints", expected.unique(), unique);
        List<Pointer> references =
                given.getReferencesList().stream()
                        .map(one ->
                                new Pointer(one.getField(), one.getCollection(), one.getOnDelete()))
                        .toList();
        differences.unless(name + ".references", expected.references(), references);
        differences.unless(
                name + ".if_match_required",
                expected.ifMatchRequired(),
                given.getIfMatchRequired());
    }
}
