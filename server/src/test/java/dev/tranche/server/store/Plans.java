package dev.tranche.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.ibatis.mapping.BoundSql;
import org.apache.ibatis.mapping.MappedStatement;
import org.apache.ibatis.scripting.defaults.DefaultParameterHandler;
import org.apache.ibatis.session.Configuration;
import org.jspecify.annotations.Nullable;

/** How the database would run the statements of the mappers. */
final class Plans {
    private final Store store;
    private final Configuration mappings;

    Plans(Store store) {
        this.store = store;
        this.mappings = Mappings.factory().getConfiguration();
    }

    /**
     * One table in a plan.
     *
     * @param rows how many the optimizer expects to read
     * @param extra what else the optimizer says
     */
    record Access(
            @Nullable String type,
            @Nullable String index,
            String keyBytes,
            long rows,
            String extra) {}

    /**
     * The tables that a statement reads, in order.
     *
     * @param statement {@code RecordMapper.lock}, for one
     */
    List<Access> of(String statement, Object parameters) throws SQLException {
        MappedStatement mapped =
                mappings.getMappedStatement("dev.tranche.server.store." + statement);
        BoundSql bound = mapped.getBoundSql(parameters);
        List<Access> accesses = new ArrayList<>();
        try (Connection connection = store.test().connect();
                PreparedStatement explain =
                        connection.prepareStatement("EXPLAIN " + bound.getSql())) {
            new DefaultParameterHandler(mapped, parameters, bound).setParameters(explain);
            try (ResultSet plan = explain.executeQuery()) {
                while (plan.next()) {
                    accesses.add(
                            new Access(
                                    plan.getString("type"),
                                    plan.getString("key"),
                                    String.valueOf(plan.getString("key_len")),
                                    plan.getLong("rows"),
                                    String.valueOf(plan.getString("Extra"))));
                }
            }
        }
        return accesses;
    }
}
