package dev.tranche.server.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/**
 * Makes batches of updates and deletions say whether each found a row. The driver sends them in
 * bulk, five times as fast as one by one, and then answers {@link Statement#SUCCESS_NO_INFO} for
 * each, though it knows their sum. Every statement finds one row at most, so that the sum tells
 * whether all did.
 */
final class CountedChanges {
    private CountedChanges() {}

    /** The same connection, whose batches of changes are counted; inserts go by untouched. */
    static Connection over(Connection connection) {
        return proxy(
                Connection.class,
                (proxy, method, arguments) -> {
                    Object answer = invoke(method, connection, arguments);
                    return answer instanceof PreparedStatement statement
                                    && isChange((String) arguments[0])
                            ? counted(statement)
                            : answer;
                });
    }

    private static boolean isChange(String sql) {
        String command = sql.stripLeading();
        return command.startsWith("UPDATE") || command.startsWith("DELETE");
    }

    private static PreparedStatement counted(PreparedStatement statement) {
        return proxy(
                PreparedStatement.class,
                (proxy, method, arguments) ->
                        method.getName().equals("executeBatch")
                                ? execute(statement)
                                : invoke(method, statement, arguments));
    }

    /** One for each if all found a row; else as the driver answers. */
    private static int[] execute(PreparedStatement statement) throws SQLException {
        int[] counts = statement.executeBatch();
        if (Arrays.stream(counts).anyMatch(count -> count == Statement.SUCCESS_NO_INFO)
                && sum(statement) == counts.length) {
            Arrays.fill(counts, 1);
        }
        return counts;
    }

    /** Of all the commands that a batch was sent in: it may not fit into one. */
    private static long sum(PreparedStatement statement) throws SQLException {
        long sum = 0;
        long found = statement.getLargeUpdateCount();
        while (found >= 0) {
            sum += found;
            found = statement.getMoreResults() ? 0 : statement.getLargeUpdateCount();
        }
        return sum;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        ClassLoader loader = CountedChanges.class.getClassLoader();
        return type.cast(Proxy.newProxyInstance(loader, new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method method, Object target, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
