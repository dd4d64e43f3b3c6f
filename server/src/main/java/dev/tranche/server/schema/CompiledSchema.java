package dev.tranche.server.schema;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.Schema;
import com.networknt.schema.ValidationLimitExceededException;
import java.util.List;
import java.util.Locale;

/** A JSON Schema ready to be applied. Safe for use by many threads. */
public final class CompiledSchema {
    private final Schema schema;
    private final JsonLimits limits;
    private final boolean takesEveryObject;
    private final ExecutionConfig config;

    /**
     * @param takesEveryObject whether it finds nothing wrong with any object: there is no need to look
     */
    CompiledSchema(Schema schema, JsonLimits limits, boolean takesEveryObject) {
        this.takesEveryObject = takesEveryObject;
        this.schema = schema;
        this.limits = limits;
        this.config =
                ExecutionConfig.builder()
                        .locale(Locale.ROOT)
                        .formatAssertionsEnabled(false)
                        .maxEvaluationDepth(limits.evaluationDepthMax())
                        .maxEvaluationSteps(limits.evaluationStepsMax())
                        .build();
    }

    /**
     * Applies the schema to a value. A missing member is a violation of the object that lacks it.
     *
     * @return what is wrong, ordered by path, at most {@link JsonLimits#violationsMax}; empty if the
     *     value satisfies the schema. A single violation of the whole value if evaluating it takes
     *     more than the limits allow
     */
    public List<Violation> validate(Json data) {
        if (takesEveryObject && data.isObject()) {
            return List.of();
        }
        Evaluation evaluation = new Evaluation(config);
        try {
            ScopedValue.where(Work.CURRENT, new Work(limits.evaluationStepsMax()))
                    .run(() -> schema.validate(evaluation, data.tree()));
        } catch (Work.Exceeded | ValidationLimitExceededException e) {
            return List.of(new Violation("", tooMuch()));
        }
        List<Error> errors = evaluation.getErrors();
        return errors.isEmpty() ? List.of() : Violations.of(errors, limits.violationsMax());
    }

    private String tooMuch() {
        return "takes more than "
                + limits.evaluationStepsMax()
                + " steps to validate, or more than "
                + limits.evaluationDepthMax()
                + " schemas inside each other; at most that allowed";
    }
}
