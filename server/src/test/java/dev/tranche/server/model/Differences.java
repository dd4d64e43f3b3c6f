package dev.tranche.server.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where model and server disagree. */
final class Differences {
    private final List<String> found = new ArrayList<>();

    void add(String what, @Nullable Object expected, @Nullable Object given) {
        found.add(what + "\n    model:  " + expected + "\n    server: " + given);
    }

    void unless(String what, Object expected, Object given) {
        if (!expected.equals(given)) {
            add(what, expected, given);
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    @Override
    public String toString() {
        return String.join("\n", found);
    }
}
