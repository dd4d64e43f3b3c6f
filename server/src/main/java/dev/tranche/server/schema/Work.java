package dev.tranche.server.schema;

import com.networknt.schema.SchemaException;

/**
 * The steps that the evaluation of one value may still take. Bound to the thread that evaluates, for
 * the validator hands nothing of ours to a regular expression.
 */
final class Work {
    static final ScopedValue<Work> CURRENT = ScopedValue.newInstance();

    private long stepsLeft;

    Work(long steps) {
        this.stepsLeft = steps;
    }

    /** Takes steps from the evaluation that runs on this thread. */
    static void spend(long steps) {
        CURRENT.get().take(steps);
    }

    private void take(long steps) {
        stepsLeft -= steps;
        if (stepsLeft < 0) {
            throw new Exceeded();
        }
    }

    /** The evaluation has taken all its steps. The validator logs any other exception. */
    static final class Exceeded extends SchemaException {
        private static final long serialVersionUID = 1L;

        private Exceeded() {
            super("the evaluation has taken all its steps");
        }
    }
}
