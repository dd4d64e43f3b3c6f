package dev.tranche.demo;

import java.util.ArrayList;
import java.util.List;

/** What came out, beside what is known to be right. */
final class Figures {
    private final List<String> wrong = new ArrayList<>();
    private int checked;

    /** Notes one figure. */
    void check(String what, Object expected, Object actual) {
        checked++;
        if (!expected.equals(actual)) {
            wrong.add("%s: %s expected, %s found".formatted(what, expected, actual));
        }
    }

    int checked() {
        return checked;
    }

    /** A line for each figure that is not as expected. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }
}
