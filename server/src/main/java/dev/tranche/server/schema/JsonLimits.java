package dev.tranche.server.schema;

/**
 * How large JSON Schemas may be, and how much work they may make. Every limit is inclusive.
 *
 * @param schemaBytesMax UTF-8 bytes of a schema's text, at least 1
 * @param patternProgramMax instructions of one regular expression's program, at least 1
 * @param patternProgramsMax instructions of all programs of a schema together, at least 1
 * @param evaluationDepthMax schemas that may be applied inside each other, at least 1; each takes up
 *     to 1 KiB of stack
 * @param evaluationStepsMax steps that one value may take, at least 1: a schema or keyword applied is
 *     one and a bit for the members it looks at, a regular expression one per instruction and
 *     character. A step takes up to 0.2 µs
 * @param violationsMax violations that are reported of one value or schema, at least 1
 * @param compiledBytesMax UTF-8 bytes of the schemas that are kept compiled, all together; compiled,
 *     a byte takes 30 to 60. 0 keeps none
 */
public record JsonLimits(
        int schemaBytesMax,
        int patternProgramMax,
        int patternProgramsMax,
        int evaluationDepthMax,
        long evaluationStepsMax,
        int violationsMax,
        int compiledBytesMax) {

    /** What holds unless someone says otherwise. */
    public static final JsonLimits DEFAULTS =
            new JsonLimits(262_144, 1_000, 10_000, 300, 10_000_000, 20, 524_288);

    public JsonLimits {
        atLeast(1, schemaBytesMax, "schemaBytesMax");
        atLeast(1, patternProgramMax, "patternProgramMax");
        atLeast(1, patternProgramsMax, "patternProgramsMax");
        atLeast(1, evaluationDepthMax, "evaluationDepthMax");
        atLeast(1, evaluationStepsMax, "evaluationStepsMax");
        atLeast(1, violationsMax, "violationsMax");
        atLeast(0, compiledBytesMax, "compiledBytesMax");
    }

    private static void atLeast(long allowed, long given, String name) {
        if (given < allowed) {
            throw new IllegalArgumentException(
                    name + ": " + given + " given, at least " + allowed + " allowed");
        }
    }
}
