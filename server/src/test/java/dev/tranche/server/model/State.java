package dev.tranche.server.model;

import dev.tranche.v1.OnDelete;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that a workspace holds, and what the batch at hand did to it so far. */
final class State {
    final Map<String, Holder> collections = new TreeMap<>();
    final Map<RecordKey, Entry> records = new LinkedHashMap<>();
    final Map<LinkKey, Link> links = new LinkedHashMap<>();

    /** Of the batch at hand: the last operation that changed a record. */
    final Map<RecordKey, Integer> writers = new LinkedHashMap<>();

    /** Of the batch at hand: the first operation that failed to make what is missing. */
    final Map<Missing, Integer> missing = new LinkedHashMap<>();

    /**
     * A collection.
     *
     * @param incarnation different for every collection there ever was
     */
    record Holder(String name, int incarnation, Definition definition, long version) {}

    /** What UpsertCollection gives. */
    record Definition(
            @Nullable Document schema,
            List<Unique> unique,
            List<Pointer> references,
            boolean ifMatchRequired) {
        /** The collections it points at. */
        boolean pointsAt(String collection) {
            return references.stream().anyMatch(one -> one.collection().equals(collection));
        }
    }

    record Unique(String name, List<String> fields) {}

    record Pointer(String field, String collection, OnDelete onDelete) {}

    record RecordKey(int incarnation, String id) {}

    /**
     * A record, alive or deleted.
     *
     * @param etag as the server answered it, or an unknown text
     */
    record Entry(Document data, long version, boolean deleted, String etag) {
        boolean lives() {
            return !deleted;
        }
    }

    record LinkKey(String type, RecordKey source, RecordKey target) {
        boolean touches(RecordKey end) {
            return source.equals(end) || target.equals(end);
        }
    }

    record Link(@Nullable Document data, long version) {}

    /**
     * A JSON object.
     *
     * @param text as it was given; null if it was given otherwise or was made by the server
     */
    record Document(Map<String, Object> value, @Nullable String text) {
        boolean sameAs(@Nullable Document other) {
            return other != null && value.equals(other.value);
        }
    }

    /** What an operation did not make, named as requests name it. */
    sealed interface Missing {
        record OfCollection(String name) implements Missing {}

        record OfRecord(String collection, String id) implements Missing {}

        record OfLink(String type, OfRecord source, OfRecord target) implements Missing {}
    }

    State copy() {
        State copy = new State();
        copy.collections.putAll(collections);
        copy.records.putAll(records);
        copy.links.putAll(links);
        copy.writers.putAll(writers);
        copy.missing.putAll(missing);
        return copy;
    }

    @Nullable Entry living(RecordKey key) {
        Entry entry = records.get(key);
        return entry != null && entry.lives() ? entry : null;
    }

    /** The live records of a collection. */
    Map<RecordKey, Entry> livingIn(Holder collection) {
        Map<RecordKey, Entry> living = new LinkedHashMap<>();
        records.forEach((key, entry) -> {
            if (entry.lives() && key.incarnation() == collection.incarnation()) {
                living.put(key, entry);
            }
        });
        return living;
    }

    Holder holder(RecordKey key) {
        return collections.values().stream()
                .filter(one -> one.incarnation() == key.incarnation())
                .findFirst()
                .orElseThrow();
    }
}
