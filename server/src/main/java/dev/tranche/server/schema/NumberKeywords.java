package dev.tranche.server.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordType;
import com.networknt.schema.path.NodePath;
import java.util.List;
import java.util.function.IntPredicate;
import tools.jackson.databind.JsonNode;

/**
 * The bounds of numbers. Those of the validator throw on a number such as 1e30 where the type is
 * integer.
 */
final class NumberKeywords {
    static final List<Keyword> ALL =
            List.of(
                    new Bound(KeywordType.MINIMUM, order -> order >= 0),
                    new Bound(KeywordType.MAXIMUM, order -> order <= 0),
                    new Bound(KeywordType.EXCLUSIVE_MINIMUM, order -> order > 0),
                    new Bound(KeywordType.EXCLUSIVE_MAXIMUM, order -> order < 0));

    private NumberKeywords() {}

    /**
     * A bound.
     *
     * @param holds whether it holds, by the order of the number and the bound
     */
    private record Bound(KeywordType type, IntPredicate holds) implements Keyword {
        @Override
        public String getValue() {
            return type.getValue();
        }

        @Override
        public BaseKeywordValidator newValidator(
                SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
            return new BoundValidator(this, value, location, parent, context);
        }
    }

    private static final class BoundValidator extends BaseKeywordValidator {
        private final IntPredicate holds;

        BoundValidator(
                Bound bound,
                JsonNode value,
                SchemaLocation location,
                Schema parent,
                SchemaContext context) {
            super(bound.type(), value, location, parent, context);
            this.holds = bound.holds();
        }

        @Override
        public void validate(
                ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
            if (node.isNumber() && !holds.test(ValueEquality.compareNumbers(node, schemaNode))) {
                context.addError(
                        error().instanceNode(node)
                                .instanceLocation(location)
                                .evaluationPath(context.getEvaluationPath())
                                .build());
            }
        }
    }
}
