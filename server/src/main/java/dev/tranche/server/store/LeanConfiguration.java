package dev.tranche.server.store;

import java.sql.CallableStatement;
import java.sql.Statement;
import java.util.List;
import org.apache.ibatis.cursor.Cursor;
import org.apache.ibatis.executor.Executor;
import org.apache.ibatis.executor.parameter.ParameterHandler;
import org.apache.ibatis.executor.resultset.ResultSetHandler;
import org.apache.ibatis.mapping.BoundSql;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.mapping.MappedStatement;
import org.apache.ibatis.mapping.SqlCommandType;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ResultHandler;
import org.apache.ibatis.session.RowBounds;

/**
 * MyBatis' own, but that rows that are written in bulk are bound by {@link BulkParameters}, rows that
 * are read are made by {@link RowFactory}, and nothing is made to read results with that there are not.
 */
final class LeanConfiguration extends Configuration {
    private static final ResultSetHandler NOTHING_TO_READ = new NothingToRead();

    LeanConfiguration(Environment environment) {
        super(environment);
        setObjectFactory(new RowFactory());
    }

    @Override
    public ParameterHandler newParameterHandler(
            MappedStatement statement, Object parameter, BoundSql sql) {
        return parameter instanceof Bulk<?> bulk
                ? new BulkParameters(this, bulk, sql)
                : super.newParameterHandler(statement, parameter, sql);
    }

    @Override
    @SuppressWarnings("rawtypes") // of MyBatis
    public ResultSetHandler newResultSetHandler(
            Executor executor,
            MappedStatement statement,
            RowBounds bounds,
            ParameterHandler parameters,
            ResultHandler results,
            BoundSql sql) {
        return statement.getSqlCommandType() == SqlCommandType.SELECT
                ? super.newResultSetHandler(executor, statement, bounds, parameters, results, sql)
                : NOTHING_TO_READ;
    }

    private static final class NothingToRead implements ResultSetHandler {
        @Override
        public <E> List<E> handleResultSets(Statement statement) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <E> Cursor<E> handleCursorResultSets(Statement statement) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void handleOutputParameters(CallableStatement statement) {
            throw new UnsupportedOperationException();
        }
    }
}
