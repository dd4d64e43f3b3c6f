package dev.tranche.server.operation;

import dev.tranche.server.schema.CollectionDefinition;
import dev.tranche.server.schema.ConstraintDefinition;
import dev.tranche.server.schema.Identifiers;
import dev.tranche.server.schema.ReferenceDefinition;
import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks the unique constraints and references of a definition that a caller gives. */
final class DefinitionCheck {
    private final String root;
    private final List<Violation> violations = new ArrayList<>();

    private DefinitionCheck(String root) {
        this.root = root;
    }

    /**
     * What is wrong with them.
     *
     * @param root path of the definition in the request
     */
    static List<Violation> of(CollectionDefinition definition, String root) {
        DefinitionCheck check = new DefinitionCheck(root + ".");
        check.constraints(definition.constraints());
        check.references(definition.references());
        return check.violations;
    }

    private void constraints(List<ConstraintDefinition> constraints) {
        int max = CollectionDefinition.CONSTRAINTS_MAX;
        count("unique_constraints", constraints.size(), 0, max);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < Math.min(constraints.size(), max); i++) {
            constraint(constraints.get(i), "unique_constraints[" + i + "]", names);
        }
    }

    private void references(List<ReferenceDefinition> references) {
        int max = CollectionDefinition.REFERENCES_MAX;
        count("references", references.size(), 0, max);
        Set<String> fields = new HashSet<>();
        for (int i = 0; i < Math.min(references.size(), max); i++) {
            ReferenceDefinition one = references.get(i);
            String path = "references[" + i + "]";
            add(path + ".field", Identifiers.fieldPath(one.field()));
            add(
                    path + ".field",
                    fields.add(one.field()) ? null : "\"" + one.field() + "\" given twice");
            add(path + ".collection", Identifiers.collectionName(one.collection()));
        }
    }

    private void constraint(ConstraintDefinition constraint, String path, Set<String> names) {
        add(path + ".name", Identifiers.name(constraint.name()));
        if (!names.add(constraint.name())) {
            add(path + ".name", "\"" + constraint.name() + "\" given twice");
        }
        List<String> fields = constraint.fields();
        count(path + ".fields", fields.size(), 1, ConstraintDefinition.FIELDS_MAX);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < Math.min(fields.size(), ConstraintDefinition.FIELDS_MAX); i++) {
            String at = path + ".fields[" + i + "]";
            add(at, Identifiers.fieldPath(fields.get(i)));
            add(at, seen.add(fields.get(i)) ? null : "\"" + fields.get(i) + "\" given twice");
        }
    }

    private void count(String path, int given, int min, int max) {
        if (given < min || given > max) {
            add(path, given + " given, " + min + " to " + max + " allowed");
        }
    }

    private void add(String path, @Nullable String problem) {
        if (problem != null) {
            violations.add(new Violation(root + path, problem));
        }
    }
}
