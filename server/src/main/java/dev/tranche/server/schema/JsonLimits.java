package dev.tranche.server.schema;

/**
 * How large JSON Schemas may be, and how much work they may make.
 *
 * @param schemaBytesMax UTF-8 bytes of a schema's text, at least 1
 * @param patternProgramMax instructions of one regular expression's program, at least 1
 * @param patternProgramsMax instructions of all programs of a schema together, at least 1
 * @param patternWorkMax instructions × characters that the regular expressions of a schema may take
 *     on one value, at least 1; a step takes up to 0.1 µs
 * @param evaluationDepthMax schemas that may be applied inside each other, at least 1
 * @param evaluationStepsMax keywords that may be applied to one value, at least 1
 * @param violationsMax violations reported of one value or schema, at least 1
 * @param compiledBytesMax UTF-8 bytes of the schemas that are kept compiled, all together; 0 keeps
 *     none
 */
public record JsonLimits(
        int schemaBytesMax,
        int patternProgramMax,
        int patternProgramsMax,
        long patternWorkMax,
        int evaluationDepthMax,
        long evaluationStepsMax,
        int violationsMax,
        int compiledBytesMax) {

    /** What holds unless a test or a setting says otherwise. */
    public static final JsonLimits DEFAULTS =
            new JsonLimits(262_144, 1_000, 10_000, 10_000_000, 500, 1_000_000, 20, 2_097_152);

    public JsonLimits {
        if (schemaBytesMax < 1
                || patternProgramMax < 1
                || patternProgramsMax < 1
                || patternWorkMax < 1
                || evaluationDepthMax < 1
                || evaluationStepsMax < 1
                || violationsMax < 1
                || compiledBytesMax < 0) {
            throw new IllegalArgumentException("a limit of JSON Schemas is too low");
        }
    }
}
