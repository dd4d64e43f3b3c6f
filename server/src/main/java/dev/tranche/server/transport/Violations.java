package dev.tranche.server.transport;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.ItemError;
import dev.tranche.server.operation.Reason;
import dev.tranche.server.schema.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what is wrong with a request or a record: the first 20 are enough for anybody. */
final class Violations {
    /** How many are named. */
    static final int COUNT_MAX = 20;

    private final List<Violation> found = new ArrayList<>();

    /** Something is wrong at a path from the root of the request. */
    void add(String path, String description) {
        if (found.size() < COUNT_MAX) {
            found.add(new Violation(path, description));
        }
    }

    /**
     * Takes note of what a check says.
     *
     * @param problem null if it found none
     */
    void check(String path, @Nullable String problem) {
        if (problem != null) {
            add(path, problem);
        }
    }

    /** Takes over what was gathered elsewhere. */
    void addAll(Violations others) {
        others.found.forEach(one -> add(one.path(), one.description()));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Ends a call whose request has anything wrong. */
    void refuse() {
        if (!found.isEmpty()) {
            throw new CallFailure(new Failure.InvalidRequest(List.copyOf(found)));
        }
    }

    /** The error of an item that has something wrong. */
    ItemError error() {
        return ItemError.of(Reason.INVALID_REQUEST, List.copyOf(found));
    }
}
