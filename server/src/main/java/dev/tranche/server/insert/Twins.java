package dev.tranche.server.insert;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which index of a call wrote which record. Mostly nobody asks: it is sorted out when somebody does. */
final class Twins {
    private final List<String> ids = new ArrayList<>();
    private final List<Integer> indexes = new ArrayList<>();
    private final Map<String, Integer> indexById = new HashMap<>();

    /** Takes note of a record; the last index that wrote it counts. */
    void add(String recordId, int index) {
        ids.add(recordId);
        indexes.add(index);
    }

    /** The index that wrote a record; null if none did. */
    @Nullable Integer index(String recordId) {
        for (int i = 0; i < ids.size(); i++) {
            indexById.put(ids.get(i), indexes.get(i));
        }
        ids.clear();
        indexes.clear();
        return indexById.get(recordId);
    }
}
