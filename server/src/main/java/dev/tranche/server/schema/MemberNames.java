package dev.tranche.server.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The names of one object's members. Most objects have few, which are compared sooner than hashed. */
public final class MemberNames {
    private static final int FEW = 10;

    private final List<String> few = new ArrayList<>(FEW);
    private Set<String> more = Set.of();

    /** Adds a name; false if it is there already. */
    public boolean add(String name) {
        if (few.contains(name)) {
            return false;
        }
        if (few.size() < FEW) {
            return few.add(name);
        }
        if (more.isEmpty()) {
            more = new HashSet<>();
        }
        return more.add(name);
    }
}
