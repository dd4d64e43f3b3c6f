package dev.tranche.server.operation;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence for people, and what it is made of for programs.
 *
 * @param variables values by name
 */
record Message(String text, Map<String, String> variables) {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z_]+)}");

    /**
     * Fills a sentence in.
     *
     * @param template in it {@code {name}} stands for a value
     * @param pairs names and values in turn; those that the sentence does not mention are for programs
     */
    static Message of(String template, Object... pairs) {
        Map<String, String> variables = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            variables.put(pairs[i].toString(), pairs[i + 1].toString());
        }
        String text =
                PLACE.matcher(template)
                        .replaceAll(found ->
                                Matcher.quoteReplacement(
                                        variables.getOrDefault(found.group(1), found.group())));
        return new Message(text, variables);
    }

    /** The same with something said behind it. */
    Message and(String more) {
        return new Message(text + more, variables);
    }
}
