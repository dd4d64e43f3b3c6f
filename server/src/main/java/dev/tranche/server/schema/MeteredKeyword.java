package dev.tranche.server.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AnnotationKeyword;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * A keyword that takes steps before it works, in proportion to what it will look at: the validator
 * counts a keyword as one step, however many members it compares with however many names.
 *
 * @param created is told of every validator made, before it is wrapped
 */
record MeteredKeyword(Keyword keyword, Consumer<KeywordValidator> created) implements Keyword {
    /** Looking at a member costs a fraction of a step. */
    private static final int MEMBERS_PER_STEP = 8;

    private static final int CHARS_PER_STEP = 256;

    @Override
    public String getValue() {
        return keyword.getValue();
    }

    @Override
    public KeywordValidator newValidator(
            SchemaLocation location, JsonNode value, Schema parent, SchemaContext context)
            throws Exception {
        if (isBooleanSchema() && !parent.getSchemaNode().isBoolean()) {
            return new AnnotationKeyword(getValue()).newValidator(location, value, parent, context);
        }
        KeywordValidator validator = keyword.newValidator(location, value, parent, context);
        created.accept(validator);
        boolean comparesWholeValues =
                switch (getValue()) {
                    case "const", "enum", "uniqueItems" -> true;
                    default -> false;
                };
        int ownSteps = comparesWholeValues ? 1 : 1 + value.size() / MEMBERS_PER_STEP;
        return new MeteredValidator(validator, ownSteps, comparesWholeValues);
    }

    /** The validator takes a boolean schema for a keyword, and then a keyword for the schema. */
    private boolean isBooleanSchema() {
        return getValue().equals("true") || getValue().equals("false");
    }

    private record MeteredValidator(
            KeywordValidator validator, int ownSteps, boolean comparesWholeValues)
            implements KeywordValidator {

        @Override
        public void validate(
                ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
            Work.spend(ownSteps + (comparesWholeValues ? wholeSteps(node) : steps(node)));
            validator.validate(context, node, root, location);
        }

        @Override
        public String getKeyword() {
            return validator.getKeyword();
        }

        @Override
        public SchemaLocation getSchemaLocation() {
            return validator.getSchemaLocation();
        }

        @Override
        public void preloadSchema() {
            validator.preloadSchema();
        }

        private static int steps(JsonNode node) {
            return node.isString()
                    ? node.stringValue().length() / CHARS_PER_STEP
                    : node.size() / MEMBERS_PER_STEP;
        }

        private static long wholeSteps(JsonNode node) {
            long steps = steps(node);
            for (JsonNode inner : node.values()) {
                steps += 1 + wholeSteps(inner);
            }
            return steps;
        }
    }
}
