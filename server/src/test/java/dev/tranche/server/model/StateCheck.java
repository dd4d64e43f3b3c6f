package dev.tranche.server.model;

import dev.tranche.server.e2e.TestServer;
import dev.tranche.server.model.State.Document;
import dev.tranche.server.model.State.Entry;
import dev.tranche.server.model.State.Holder;
import dev.tranche.server.model.State.Pointer;
import dev.tranche.server.model.State.RecordKey;
import dev.tranche.server.model.State.Unique;
import dev.tranche.v1.Collection;
import dev.tranche.v1.DataFormat;
import dev.tranche.v1.ListCollectionsRequest;
import dev.tranche.v1.ListRecordsRequest;
import dev.tranche.v1.Record;
import io.grpc.StatusException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares all that a workspace holds, by gRPC and in the tables, with the state of the model. */
final class StateCheck {
    private static final int PAGE_SIZE = 1000;

    private static final String LINKS =
            """
            SELECT s.name, l.source_id, l.type, t.name, l.target_id, l.data, l.version
            FROM relationship l
            JOIN collection s ON s.id = l.source_collection_id AND s.deleted_at IS NULL
            JOIN collection t ON t.id = l.target_collection_id AND t.deleted_at IS NULL
            JOIN workspace w ON w.id = s.workspace_id
            WHERE w.name = ?
            """;

    private static final String KEYS =
            """
            SELECT c.name, u.name, k.record_id
            FROM record_key k
            JOIN collection c ON c.id = k.collection_id AND c.deleted_at IS NULL
            JOIN collection_constraint u
              ON u.collection_id = k.collection_id AND u.number = k.constraint_no
            JOIN workspace w ON w.id = c.workspace_id
            WHERE w.name = ? AND u.retired_at IS NULL
            """;

    private static final String REFERENCES =
            """
            SELECT c.name, d.field, t.name, r.record_id, r.target_id
            FROM record_reference r
            JOIN collection c ON c.id = r.collection_id AND c.deleted_at IS NULL
            JOIN collection t ON t.id = r.target_collection_id
            JOIN collection_reference d
              ON d.collection_id = r.collection_id AND d.number = r.number
            JOIN workspace w ON w.id = c.workspace_id
            WHERE w.name = ? AND d.retired_at IS NULL
            """;

    private final TestServer server;
    private final Connection connection;
    private final String workspace;

    StateCheck(TestServer server, Connection connection, String workspace) {
        this.server = server;
        this.connection = connection;
        this.workspace = workspace;
    }

    /** Compares; what the model could not know of the etags it learns. */
    void run(State state, Differences differences) throws StatusException, SQLException {
        checkCollections(state, differences);
        for (Holder holder : state.collections.values()) {
            checkRecords(state, holder, differences);
        }
        differences.unless("relationships", links(state), storedLinks());
        differences.unless("keys", keys(state), rows(KEYS, 3));
        differences.unless("references", references(state), rows(REFERENCES, 5));
    }

    private void checkCollections(State state, Differences differences) throws StatusException {
        List<Collection> given =
                server.workspaces()
                        .listCollections(
                                ListCollectionsRequest.newBuilder()
                                        .setWorkspace(workspace)
                                        .setPageSize(PAGE_SIZE)
                                        .build())
                        .getCollectionsList();
        differences.unless(
                "collections",
                List.copyOf(state.collections.keySet()),
                given.stream().map(Collection::getName).toList());
        for (Collection collection : given) {
            Holder holder = state.collections.get(collection.getName());
            if (holder != null) {
                new DefinitionCheck(differences)
                        .check(
                                "collection " + holder.name(),
                                holder.definition(),
                                holder.version(),
                                collection);
            }
        }
    }

    private void checkRecords(State state, Holder holder, Differences differences)
            throws StatusException {
        Map<RecordKey, Record> given = new TreeMap<>((a, b) -> a.id().compareTo(b.id()));
        server.records()
                .listRecords(
                        ListRecordsRequest.newBuilder()
                                .setWorkspace(workspace)
                                .setCollection(holder.name())
                                .setPageSize(PAGE_SIZE)
                                .setShowDeleted(true)
                                .setDataFormat(DataFormat.DATA_FORMAT_JSON)
                                .build())
                .getRecordsList()
                .forEach(one -> given.put(new RecordKey(holder.incarnation(), one.getId()), one));
        Set<String> ids = new TreeSet<>();
        state.records.keySet().stream()
                .filter(key -> key.incarnation() == holder.incarnation())
                .forEach(key -> ids.add(key.id()));
        Set<String> givenIds = new TreeSet<>();
        given.keySet().forEach(key -> givenIds.add(key.id()));
        differences.unless("records of " + holder.name(), ids, givenIds);
        given.forEach((key, record) -> {
            Entry entry = state.records.get(key);
            if (entry != null) {
                checkRecord(holder.name() + "/" + key.id(), entry, record, differences);
                Document data = entry.data();
                state.records.put(
                        key, new Entry(data, entry.version(), entry.deleted(), record.getEtag()));
            }
        });
    }

    private static void checkRecord(
            String name, Entry entry, Record record, Differences differences) {
        differences.unless(name + ".version", entry.version(), record.getVersion());
        differences.unless(name + " is deleted", entry.deleted(), record.hasDeleteTime());
        differences.unless(name + ".constraints_ignored", false, record.getConstraintsIgnored());
        if (!Values.match(entry.etag(), record.getEtag())) {
            differences.add(name + ".etag", entry.etag(), record.getEtag());
        }
        String text = entry.data().text();
        if (!Values.match(entry.data().value(), Values.object(record.getDataJson()))
                || (text != null && !text.equals(record.getDataJson()))) {
            differences.add(name + ".data", entry.data(), record.getDataJson());
        }
    }

    /** By ends and type: version and data. */
    private static Map<List<String>, List<Object>> links(State state) {
        Map<List<String>, List<Object>> links = new HashMap<>();
        state.links.forEach((key, link) ->
                links.put(
                        List.of(
                                state.holder(key.source()).name(),
                                key.source().id(),
                                key.type(),
                                state.holder(key.target()).name(),
                                key.target().id()),
                        versionAndData(link.version(), link.data())));
        return links;
    }

    private Map<List<String>, List<Object>> storedLinks() throws SQLException {
        Map<List<String>, List<Object>> links = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(LINKS)) {
            statement.setString(1, workspace);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    String data = found.getString(6);
                    links.put(
                            row(found, 5),
                            versionAndData(
                                    found.getLong(7),
                                    data == null ? null : RecordChange.document(data)));
                }
            }
        }
        return links;
    }

    private static List<Object> versionAndData(long version, @Nullable Document data) {
        return List.of(version, data == null ? "no data" : data.value());
    }

    /** Collection, constraint and holder of each. */
    private static Set<List<String>> keys(State state) {
        Set<List<String>> keys = new HashSet<>();
        for (Holder holder : state.collections.values()) {
            for (Unique unique : holder.definition().unique()) {
                state.livingIn(holder)
                        .forEach((key, entry) -> {
                            if (Rules.keyOf(unique, entry.data()) != null) {
                                keys.add(List.of(holder.name(), unique.name(), key.id()));
                            }
                        });
            }
        }
        return keys;
    }

    /** Collection, field, collection pointed at, and the two records. */
    private static Set<List<String>> references(State state) {
        Set<List<String>> references = new HashSet<>();
        for (Holder holder : state.collections.values()) {
            for (Pointer pointer : holder.definition().references()) {
                state.livingIn(holder)
                        .forEach((key, entry) -> {
                            Object value = Values.at(entry.data().value(), pointer.field());
                            if (value instanceof String id) {
                                references.add(
                                        List.of(
                                                holder.name(),
                                                pointer.field(),
                                                pointer.collection(),
                                                key.id(),
                                                id));
                            }
                        });
            }
        }
        return references;
    }

    private Set<List<String>> rows(String sql, int columns) throws SQLException {
        Set<List<String>> rows = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, workspace);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(row(found, columns));
                }
            }
        }
        return rows;
    }

    private static List<String> row(ResultSet found, int columns) throws SQLException {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
            row.add(found.getString(i));
        }
        return row;
    }
}
