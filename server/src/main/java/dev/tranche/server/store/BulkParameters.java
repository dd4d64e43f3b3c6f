package dev.tranche.server.store;

import java.lang.reflect.InvocationTargetException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.apache.ibatis.executor.parameter.ParameterHandler;
import org.apache.ibatis.mapping.BoundSql;
import org.apache.ibatis.mapping.ParameterMapping;
import org.apache.ibatis.reflection.ReflectionException;
import org.apache.ibatis.reflection.Reflector;
import org.apache.ibatis.reflection.invoker.Invoker;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.type.TypeHandler;

/** Binds a {@link Bulk} to a statement: all lines but the last are added to its batch here. */
final class BulkParameters implements ParameterHandler {
    private static final Object[] NO_ARGUMENTS = {};

    private final Configuration configuration;
    private final Bulk<?> bulk;
    private final List<ParameterMapping> mappings;

    BulkParameters(Configuration configuration, Bulk<?> bulk, BoundSql sql) {
        this.configuration = configuration;
        this.bulk = bulk;
        this.mappings = sql.getParameterMappings();
    }

    @Override
    public Object getParameterObject() {
        return bulk;
    }

    @Override
    public void setParameters(PreparedStatement statement) throws SQLException {
        // The driver's own: what others put around it only passes parameters on.
        PreparedStatement direct = statement.unwrap(PreparedStatement.class);
        Column[] columns = columns(bulk.line(0).getClass());
        for (int position = 0; position < bulk.size(); position++) {
            if (position > 0) {
                direct.addBatch();
            }
            Object line = bulk.line(position);
            for (Column column : columns) {
                column.bind(direct, line);
            }
        }
    }

    private Column[] columns(Class<?> type) {
        Reflector properties = configuration.getReflectorFactory().findForClass(type);
        Column[] columns = new Column[mappings.size()];
        for (int i = 0; i < columns.length; i++) {
            ParameterMapping mapping = mappings.get(i);
            columns[i] =
                    new Column(i + 1, mapping, properties.getGetInvoker(mapping.getProperty()));
        }
        return columns;
    }

    /**
     * A parameter of the statement.
     *
     * @param place from 1
     * @param getter answers its value in a line
     */
    private record Column(int place, ParameterMapping mapping, Invoker getter) {

        @SuppressWarnings("unchecked") // MyBatis chose it by the type of the property
        void bind(PreparedStatement statement, Object line) throws SQLException {
            TypeHandler<Object> handler = (TypeHandler<Object>) mapping.getTypeHandler();
            handler.setParameter(statement, place, value(line), mapping.getJdbcType());
        }

        private Object value(Object line) {
            try {
                return getter.invoke(line, NO_ARGUMENTS);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new ReflectionException("cannot read " + mapping.getProperty(), e);
            }
        }
    }
}
