package dev.tranche.server.schema;

import dev.tranche.server.schema.SchemaOutline.Reference;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds what the references of a schema lead to; none may lead out of its text. */
final class References {
    private final SchemaOutline outline;
    private final @Nullable String id;

    private References(SchemaOutline outline, @Nullable String id) {
        this.outline = outline;
        this.id = id;
    }

    /**
     * Resolves all references, and adds what they lead to to what the outline's schemas apply.
     *
     * @return the pointer of the schema each leads to; those that lead nowhere are violations
     */
    static Map<Reference, String> resolve(SchemaOutline outline, JsonNode root) {
        References references = new References(outline, root.path("$id").stringValue(null));
        Map<Reference, String> targets = new HashMap<>();
        for (Reference reference : outline.references) {
            String target = references.target(reference);
            if (target != null) {
                targets.put(reference, target);
                outline.appliedBy(reference.schema().toString()).add(target);
            }
        }
        return targets;
    }

    private @Nullable String target(Reference reference) {
        String text = reference.target();
        int mark = text.indexOf('#');
        String document = mark < 0 ? text : text.substring(0, mark);
        if (!document.isEmpty() && !isThis(document)) {
            return refused(reference, "references into the schema itself (\"#/…\") allowed");
        }
        String fragment = mark < 0 ? "" : decoded(text.substring(mark + 1));
        if (fragment.isEmpty() && reference.keyword().equals("$dynamicRef")) {
            return refused(reference, "$ref allowed to refer to the whole schema");
        }
        String target = outline.resolve(fragment);
        return target != null
                ? target
                : refused(
                        reference, "which leads to no schema; one of $defs, for example, allowed");
    }

    private boolean isThis(String document) {
        try {
            URI own = URI.create(id == null ? "" : id.replace("#", ""));
            return own.isAbsolute() && own.resolve(document).equals(own);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Fragments are percent-encoded; a plus sign is one. */
    private static String decoded(String fragment) {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return fragment;
        }
    }

    private @Nullable String refused(Reference reference, String allowed) {
        outline.violations.add(
                Violation.at(
                        reference.schema().at(reference.keyword()).toString(),
                        Excerpt.quoted(reference.target()) + " given, " + allowed));
        return null;
    }
}
