package dev.tranche.server.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The regular expressions of one schema, on RE2: matching takes time linear in the text, at most the
 * program's size for each character. Each expression is compiled once. Not safe for use by several
 * threads while it compiles.
 */
final class Patterns implements RegularExpressionFactory {
    /** Compiling a character class takes quadratic time. */
    private static final int CHARS_PER_INSTRUCTION = 10;

    private final JsonLimits limits;
    private final Map<String, Pattern> compiled = new HashMap<>();
    private long instructions;

    Patterns(JsonLimits limits) {
        this.limits = limits;
    }

    /** Compiles an expression, and says what is wrong with it; null if nothing is. */
    @Nullable String problem(String text) {
        if (compiled.containsKey(text)) {
            return null;
        }
        int charsMax = CHARS_PER_INSTRUCTION * limits.patternProgramMax();
        if (text.length() > charsMax) {
            return "regular expression of "
                    + text.length()
                    + " characters given, at most "
                    + charsMax
                    + " allowed";
        }
        long estimate = PatternCost.estimate(text);
        if (estimate == Long.MAX_VALUE) {
            return "regular expression with more than "
                    + PatternCost.GROUPS_MAX
                    + " groups inside each other given, fewer allowed";
        }
        if (estimate > 4L * limits.patternProgramMax()) {
            return tooLong("more than " + limits.patternProgramMax());
        }
        try {
            return keep(text, Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            return "regular expression "
                    + Excerpt.quoted(text)
                    + " given, RE2 syntax allowed: "
                    + e.getDescription();
        }
    }

    private @Nullable String keep(String text, Pattern pattern) {
        int size = pattern.programSize();
        if (size > limits.patternProgramMax()) {
            return tooLong(Integer.toString(size));
        }
        instructions += size;
        if (instructions > limits.patternProgramsMax()) {
            return "regular expressions of more than "
                    + limits.patternProgramsMax()
                    + " instructions together given, at most that allowed";
        }
        compiled.put(text, pattern);
        return null;
    }

    private String tooLong(String given) {
        return "regular expression of "
                + given
                + " instructions given, at most "
                + limits.patternProgramMax()
                + " allowed";
    }

    @Override
    public RegularExpression getRegularExpression(String text) {
        String problem = problem(text);
        Pattern pattern = compiled.get(text);
        if (problem != null || pattern == null) {
            throw new IllegalArgumentException(problem);
        }
        int size = pattern.programSize();
        return value -> {
            Work.spend((1L + value.length()) * size);
            return pattern.matcher(value).find();
        };
    }
}
