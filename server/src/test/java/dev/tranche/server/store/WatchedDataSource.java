package dev.tranche.server.store;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Counts what goes to the database, and lets a test step in before and after COMMIT. */
public final class WatchedDataSource implements DataSource {
    private static final Step NOTHING = connection -> {};

    private final DataSource source;
    private final List<String> executed = new CopyOnWriteArrayList<>();
    private volatile Step beforeCommit = NOTHING;
    private volatile Step afterCommit = NOTHING;

    /** Something that happens to a connection. */
    @FunctionalInterface
    public interface Step {
        /** Does it; an exception reaches whoever uses the connection. */
        void take(Connection connection) throws SQLException;
    }

    public WatchedDataSource(DataSource source) {
        this.source = source;
    }

    /** The text of every statement run so far, one for each JDBC execution; a batch counts once. */
    public List<String> executed() {
        return List.copyOf(executed);
    }

    /** Forgets what was run so far. */
    public void forget() {
        executed.clear();
    }

    /** What happens in the place just before each COMMIT from now on. */
    public void beforeCommit(Step step) {
        beforeCommit = step;
    }

    /** What happens just after each COMMIT from now on. */
    public void afterCommit(Step step) {
        afterCommit = step;
    }

    /** Leaves COMMIT alone again. */
    public void leaveCommitAlone() {
        beforeCommit = NOTHING;
        afterCommit = NOTHING;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = source.getConnection();
        return (Connection)
                Proxy.newProxyInstance(
                        WatchedDataSource.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, args) -> onConnection(connection, method, args));
    }

    private @Nullable Object onConnection(Connection connection, Method method, Object[] args)
            throws Throwable {
        if (method.getName().equals("commit")) {
            beforeCommit.take(connection);
            call(connection, method, args);
            afterCommit.take(connection);
            return null;
        }
        Object result = call(connection, method, args);
        if (result instanceof PreparedStatement statement) {
            return watched(statement, PreparedStatement.class, (String) args[0]);
        }
        return result instanceof Statement statement
                ? watched(statement, Statement.class, "")
                : result;
    }

    private Object watched(Statement statement, Class<?> type, String sql) {
        return Proxy.newProxyInstance(
                WatchedDataSource.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> {
                    if (method.getName().startsWith("execute")) {
                        executed.add(args != null && args[0] instanceof String text ? text : sql);
                    }
                    return call(statement, method, args);
                });
    }

    private static @Nullable Object call(Object target, Method method, Object[] args)
            throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLException("connections of another user asked for");
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return source.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        source.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        source.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return source.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return source.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return source.isWrapperFor(type);
    }
}
