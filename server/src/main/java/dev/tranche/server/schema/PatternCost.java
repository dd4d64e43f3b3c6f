package dev.tranche.server.schema;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Estimates the program of a regular expression from its text, roughly and rather too high. RE2
 * writes repetitions out: {@code ((a{1000}){1000}){1000}} would be 10^9 instructions, in memory
 * before one could ask how many there are.
 */
final class PatternCost {
    /** Groups inside each other; the compiler goes through them recursively. */
    static final int GROUPS_MAX = 100;

    private static final long HUGE = Long.MAX_VALUE / 4096;

    /** Instructions of the sequence being read, and of the last atom in it. */
    private static final class Sequence {
        private long total;
        private long last;

        void add(long atom) {
            total = Math.min(HUGE, total + atom);
            last = atom;
        }

        void repeat(long times) {
            long repeated = Math.min(HUGE, (last + 1) * times);
            total = Math.min(HUGE, total - last + repeated);
            last = repeated;
        }
    }

    private final String text;
    private final Deque<Sequence> open = new ArrayDeque<>();
    private Sequence current = new Sequence();
    private int at;
    private int deepest;

    private PatternCost(String text) {
        this.text = text;
    }

    /** About how many instructions the program has; {@link Long#MAX_VALUE} if groups are too deep. */
    static long estimate(String text) {
        PatternCost cost = new PatternCost(text);
        while (cost.at < text.length()) {
            cost.next();
        }
        while (!cost.open.isEmpty()) {
            cost.close();
        }
        return cost.deepest > GROUPS_MAX ? Long.MAX_VALUE : cost.current.total;
    }

    private void next() {
        char c = text.charAt(at++);
        switch (c) {
            case '\\' -> escape();
            case '[' -> characterClass();
            case '(' -> {
                open.push(current);
                deepest = Math.max(deepest, open.size());
                current = new Sequence();
            }
            case ')' -> close();
            case '|', '^', '$', '*', '+', '?' -> current.total = Math.min(HUGE, current.total + 1);
            case '{' -> repetition();
            default -> current.add(1);
        }
    }

    private void close() {
        if (!open.isEmpty()) {
            long group = current.total + 2;
            current = open.pop();
            current.add(group);
        }
    }

    /** One instruction, whatever it escapes; only {@code \p{…}} and {@code \x{…}} are longer. */
    private void escape() {
        if (at < text.length()) {
            char escaped = text.charAt(at++);
            boolean braced = escaped == 'p' || escaped == 'P' || escaped == 'x';
            if (braced && at < text.length() && text.charAt(at) == '{') {
                skipPast('}');
            }
        }
        current.add(1);
    }

    private void characterClass() {
        current.add(1);
        if (at < text.length() && text.charAt(at) == '^') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == ']') {
            at++;
        }
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == ']') {
                return;
            }
            if (c == '\\') {
                at++;
            } else if (c == '[' && text.startsWith(":", at) && text.indexOf(":]", at) > 0) {
                at = text.indexOf(":]", at) + 2;
            }
        }
    }

    /** Reads {@code n}, {@code n,} or {@code n,m}, and the closing brace; otherwise it is text. */
    private void repetition() {
        int end = text.indexOf('}', at);
        String times = end < 0 ? "" : text.substring(at, end);
        if (!times.matches("[0-9]{1,4}(,[0-9]{0,4})?")) {
            current.add(1);
            return;
        }
        at = end + 1;
        int comma = times.indexOf(',');
        long least = Long.parseLong(comma < 0 ? times : times.substring(0, comma));
        boolean hasMost = comma >= 0 && comma < times.length() - 1;
        long most = hasMost ? Long.parseLong(times.substring(comma + 1)) : least + 1;
        current.repeat(Math.max(1, Math.max(least, most)));
    }

    private void skipPast(char mark) {
        int end = text.indexOf(mark, at);
        at = end < 0 ? text.length() : end + 1;
    }
}
