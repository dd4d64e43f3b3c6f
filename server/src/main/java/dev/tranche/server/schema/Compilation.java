package dev.tranche.server.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRef;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import com.networknt.schema.keyword.DynamicRefValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.keyword.RefValidator;
import com.networknt.schema.path.PathType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Makes one schema ready. Each has a registry of its own: what one schema names by {@code $id} is
 * never found by another.
 */
final class Compilation {
    private static final Dialect DRAFT = Dialects.getDraft202012();
    private static final String DRAFT_PREFIX = "https://json-schema.org/draft/2020-12/";

    /** The validator knows keywords that the draft does not. */
    private static final Set<String> NOT_OF_THE_DRAFT =
            Set.of("propertyDependencies", "notAllowed", "unionType", "discriminator", "id");

    /** Keywords that say something of a value, and let every one pass. */
    private static final Set<String> ANNOTATIONS =
            Set.of(
                    "$schema",
                    "$id",
                    "$comment",
                    "title",
                    "description",
                    "default",
                    "examples",
                    "deprecated",
                    "readOnly",
                    "writeOnly");

    private final Patterns patterns;
    private final Deque<SchemaRef> unresolved = new ArrayDeque<>();

    private Compilation(Patterns patterns) {
        this.patterns = patterns;
    }

    /** Compiles a schema that was checked. */
    static CompiledSchema compile(Json schema, Patterns patterns, JsonLimits limits)
            throws InvalidSchemaException {
        Compilation compilation = new Compilation(patterns);
        try {
            Schema compiled = compilation.registry().getSchema(schema.tree());
            compilation.resolve();
            return new CompiledSchema(compiled, limits, takesEveryObject(schema.tree()));
        } catch (SchemaException e) {
            String why =
                    e.getCause() == null ? ": " + Excerpt.of(String.valueOf(e.getMessage())) : "";
            String message = "schema given that the validator refuses" + why;
            throw new InvalidSchemaException(List.of(new Violation("", message)));
        }
    }

    /** Whether a schema asks for an object, and for nothing else. */
    private static boolean takesEveryObject(JsonNode schema) {
        return schema.isObject()
                && schema.properties().stream()
                        .allMatch(keyword ->
                                ANNOTATIONS.contains(keyword.getKey())
                                        || (keyword.getKey().equals("type")
                                                && keyword.getValue()
                                                        .asString("")
                                                        .equals("object")));
    }

    /** The schema of schemas, read from the validator's own jar. */
    static CompiledSchema metaSchema(String draft) {
        Compilation compilation = new Compilation(new Patterns(JsonLimits.DEFAULTS));
        Schema compiled = compilation.registry().getSchema(SchemaLocation.of(draft));
        compilation.resolve();
        return new CompiledSchema(compiled, JsonLimits.DEFAULTS, false);
    }

    private SchemaRegistry registry() {
        SchemaRegistryConfig config =
                SchemaRegistryConfig.builder()
                        .regularExpressionFactory(patterns)
                        .pathType(PathType.JSON_POINTER)
                        .losslessNarrowing(true)
                        .preloadSchema(false)
                        .schemaIdValidator((id, root, location, resolved, context) -> true)
                        .build();
        return SchemaRegistry.withDialect(
                dialect(),
                registry ->
                        registry.schemaRegistryConfig(config)
                                .schemaLoader(loader ->
                                        loader.allow(
                                                iri -> iri.toString().startsWith(DRAFT_PREFIX))));
    }

    private Dialect dialect() {
        return Dialect.builder(DRAFT)
                .formats(Map::clear)
                .keywords(this::meter)
                .unknownKeywordFactory((keyword, context) -> new AnnotationKeyword(keyword))
                .build();
    }

    /** The builder itself knows only some of the draft's keywords; the others come later. */
    private void meter(Map<String, Keyword> keywords) {
        keywords.putAll(DRAFT.getKeywords());
        ValueKeywords.ALL.forEach(keyword -> keywords.put(keyword.getValue(), keyword));
        NumberKeywords.ALL.forEach(keyword -> keywords.put(keyword.getValue(), keyword));
        keywords.keySet().removeAll(NOT_OF_THE_DRAFT);
        keywords.replaceAll((name, keyword) ->
                name.equals("format") ? keyword : new MeteredKeyword(keyword, this::made));
    }

    private void made(KeywordValidator validator) {
        if (validator instanceof RefValidator reference) {
            unresolved.add(reference.getSchemaRef());
        } else if (validator instanceof DynamicRefValidator reference) {
            unresolved.add(reference.getSchemaRef(new ExecutionContext()));
        }
    }

    /**
     * Resolves references one after another. {@link Schema#initializeValidators} goes from schema to
     * schema recursively, as deep as there are references.
     */
    private void resolve() {
        while (!unresolved.isEmpty()) {
            if (unresolved.remove().getSchema() == null) {
                throw new SchemaException("a reference leads nowhere");
            }
        }
    }
}
