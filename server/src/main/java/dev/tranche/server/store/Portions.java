package dev.tranche.server.store;

import java.util.ArrayList;
import java.util.List;

/** Cuts lists of keys: a statement names at most 250. */
final class Portions {
    static final int KEYS_MAX = 250;

    private Portions() {}

    static <K> List<List<K>> of(List<K> keys) {
        List<List<K>> portions = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += KEYS_MAX) {
            portions.add(keys.subList(from, Math.min(keys.size(), from + KEYS_MAX)));
        }
        return portions;
    }
}
