package dev.tranche.server.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.BaseKeywordValidator;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.KeywordType;
import com.networknt.schema.path.NodePath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The keywords that look values up in a set. Those of the validator take quadratic time for texts
 * that share a hash, which anyone can make up.
 */
final class ValueKeywords {
    static final List<Keyword> ALL =
            List.of(
                    keyword(KeywordType.ENUM, EnumValidator::new),
                    keyword(KeywordType.UNIQUE_ITEMS, UniqueItemsValidator::new));

    private ValueKeywords() {}

    private interface Factory {
        BaseKeywordValidator create(
                SchemaLocation location, JsonNode value, Schema parent, SchemaContext context);
    }

    private static Keyword keyword(KeywordType type, Factory factory) {
        return new Keyword() {
            @Override
            public String getValue() {
                return type.getValue();
            }

            @Override
            public BaseKeywordValidator newValidator(
                    SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
                return factory.create(location, value, parent, context);
            }
        };
    }

    private static final class EnumValidator extends BaseKeywordValidator {
        /** Of all sets only this sorts what shares a hash. Not changed once made. */
        private final HashSet<Object> allowed;

        EnumValidator(
                SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
            super(KeywordType.ENUM, value, location, parent, context);
            this.allowed = HashSet.newHashSet(value.size());
            value.values().forEach(one -> allowed.add(ValueKey.of(one)));
        }

        @Override
        public void validate(
                ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
            if (!allowed.contains(ValueKey.of(node))) {
                context.addError(
                        error().instanceNode(node)
                                .instanceLocation(location)
                                .evaluationPath(context.getEvaluationPath())
                                .build());
            }
        }
    }

    private static final class UniqueItemsValidator extends BaseKeywordValidator {
        private final boolean wanted;

        UniqueItemsValidator(
                SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
            super(KeywordType.UNIQUE_ITEMS, value, location, parent, context);
            this.wanted = value.booleanValue();
        }

        @Override
        public void validate(
                ExecutionContext context, JsonNode node, JsonNode root, NodePath location) {
            if (!wanted || !node.isArray()) {
                return;
            }
            Map<Object, Integer> firsts = new HashMap<>();
            int index = 0;
            for (JsonNode element : node.values()) {
                Integer first = firsts.putIfAbsent(ValueKey.of(element), index);
                if (first != null) {
                    context.addError(
                            error().instanceNode(element)
                                    .instanceLocation(location.append(index))
                                    .evaluationPath(context.getEvaluationPath())
                                    .arguments(first)
                                    .build());
                }
                index++;
            }
        }
    }
}
