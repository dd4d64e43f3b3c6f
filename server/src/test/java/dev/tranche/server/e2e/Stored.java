package dev.tranche.server.e2e;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/**
 * What one workspace holds, read past every server: without what differs from run to run, which is
 * surrogate and generated ids, times and etags.
 */
record Stored(List<String> lines) {
    private static final String GENERATED =
            "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}";

    private static final List<String> QUERIES =
            List.of(
                    "SELECT 'collection', c.name, c.version, c.definition, c.deleted_at IS NULL"
                            + " FROM collection c WHERE c.workspace_id = ?",
                    "SELECT 'constraint', c.name, n.number, n.name, n.retired_at IS NULL"
                            + " FROM collection_constraint n"
                            + " JOIN collection c ON c.id = n.collection_id"
                            + " WHERE c.workspace_id = ?",
                    "SELECT 'record', c.name, r.id, r.data, r.version, HEX(r.key_hashes),"
                            + " r.deleted_at IS NULL FROM record r"
                            + " JOIN collection c ON c.id = r.collection_id"
                            + " WHERE c.workspace_id = ?",
                    "SELECT 'key', c.name, k.constraint_no, HEX(k.key_hash), k.record_id"
                            + " FROM record_key k JOIN collection c ON c.id = k.collection_id"
                            + " WHERE c.workspace_id = ?",
                    "SELECT 'reference', c.name, p.record_id, p.number, p.target_id"
                            + " FROM record_reference p JOIN collection c ON c.id = p.collection_id"
                            + " WHERE c.workspace_id = ?",
                    "SELECT 'relationship', s.name, l.source_id, l.type, t.name, l.target_id,"
                            + " l.version FROM relationship l"
                            + " JOIN collection s ON s.id = l.source_collection_id"
                            + " JOIN collection t ON t.id = l.target_collection_id"
                            + " WHERE s.workspace_id = ?");

    static Stored in(Connection connection, String workspace) throws Exception {
        List<String> lines = new ArrayList<>();
        long id = id(connection, workspace);
        for (String query : QUERIES) {
            lines.addAll(lines(connection, query, id));
        }
        lines.sort(null);
        return new Stored(lines);
    }

    private static long id(Connection connection, String workspace) throws Exception {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT id FROM workspace WHERE name = ?")) {
            statement.setString(1, workspace);
            try (ResultSet found = statement.executeQuery()) {
                found.next();
                return found.getLong(1);
            }
        }
    }

    private static List<String> lines(Connection connection, String query, long workspace)
            throws Exception {
        List<String> lines = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setLong(1, workspace);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    lines.add(line(found).replaceAll(GENERATED, "(generated)"));
                }
            }
        }
        return lines;
    }

    private static String line(ResultSet row) throws Exception {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            line.append(row.getString(i)).append(' ');
        }
        return line.toString();
    }
}
