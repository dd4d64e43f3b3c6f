package dev.tranche.server.execute;

import dev.tranche.server.operation.CallFailure;
import dev.tranche.server.operation.Failure;
import dev.tranche.server.operation.Rows.CollectionRow;
import dev.tranche.server.operation.Rows.WorkspaceRow;
import dev.tranche.server.schema.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to be promoted, as the source has it.
 *
 * @param names of the collections, in the order of the request or their own
 * @param rows those of them that live, in the same order
 */
record PromotionPlan(List<String> names, List<CollectionRow> rows) {
    /** Definitions read at once: each may have a schema of 256 KiB. */
    private static final int ROWS_AT_ONCE = 64;

    /**
     * Reads it, without locks.
     *
     * @throws CallFailure LIMIT_EXCEEDED
     */
    static PromotionPlan read(
            BatchPreview tx,
            WorkspaceRow source,
            PromotionRequest request,
            PromotionLimits limits) {
        int namesMax = limits.collectionsMax();
        List<String> names =
                request.collections().isEmpty()
                        ? tx.collectionNames(source.id(), namesMax + 1)
                        : request.collections();
        if (names.size() > namesMax) {
            throw exceeded("--operations-max", names.size(), namesMax);
        }
        Map<String, CollectionRow> found = new HashMap<>();
        long bytes = 0;
        for (int from = 0; from < names.size(); from += ROWS_AT_ONCE) {
            List<String> some = names.subList(from, Math.min(names.size(), from + ROWS_AT_ONCE));
            for (CollectionRow row : tx.collections(source.id(), some)) {
                Json schema = row.definition().schema();
                bytes += schema == null ? 0 : schema.sizeBytes();
                found.put(row.name(), row);
            }
            if (bytes > limits.schemaBytesMax()) {
                throw exceeded("--load-bytes-max", bytes, limits.schemaBytesMax());
            }
        }
        return new PromotionPlan(
                names, names.stream().map(found::get).filter(Objects::nonNull).toList());
    }

    /** The index of each collection, by its name. */
    Map<String, Integer> indexes() {
        Map<String, Integer> indexes = new HashMap<>();
        for (String name : names) {
            indexes.put(name, indexes.size());
        }
        return indexes;
    }

    /** Those of the request that do not live. */
    List<String> missing() {
        Set<String> live = rows.stream().map(CollectionRow::name).collect(Collectors.toSet());
        return names.stream().filter(name -> !live.contains(name)).toList();
    }

    private static CallFailure exceeded(String setting, long given, long allowed) {
        return new CallFailure(new Failure.LimitExceeded(setting, "collections", given, allowed));
    }
}
