package dev.tranche.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionUrlTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(9);

    @Test
    void saysWhatEverySessionNeeds() throws Exception {
        try (ScratchDatabase database = ScratchDatabase.createEmpty();
                Connection connection = database.connect()) {
            assertThat(
                            Sql.column(
                                    connection,
                                    "SELECT CONCAT_WS(' ', @@collation_connection,"
                                            + " @@character_set_client,"
                                            + " @@time_zone, @@sql_mode,"
                                            + " @@in_predicate_conversion_threshold,"
                                            + " @@max_error_count)"))
                    .containsExactly(
                            "utf8mb4_nopad_bin utf8mb4 +00:00"
                                    + " STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION 0 1000");
            assertThat(connection.getTransactionIsolation())
                    .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    @Test
    void keepsTimesInUtcWhateverTheZoneOfThisJvm() throws Exception {
        Instant instant = Instant.parse("2026-03-29T01:30:00.123456Z");
        try (ScratchDatabase database = ScratchDatabase.createEmpty();
                Connection connection = database.connect()) {
            Sql.run(connection, "CREATE TABLE t (at DATETIME(6))");
            try (var insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
                insert.setObject(1, LocalDateTime.parse("2026-03-29T01:30:00.123456"));
                insert.execute();
                insert.setObject(1, instant);
                insert.execute();
            }
            assertThat(Sql.column(connection, "SELECT CAST(at AS CHAR) FROM t"))
                    .containsExactly("2026-03-29 01:30:00.123456", "2026-03-29 01:30:00.123456");
        }
    }

    @Test
    void keepsTheOptionsOfTheOperatorButTheSocketTimeout() {
        assertThat(
                        ConnectionUrl.complete(
                                "jdbc:mariadb://db/x?sslMode=verify-full&sockettimeout=1"
                                        + "&connectTimeout=77",
                                TIMEOUT))
                .startsWith(
                        "jdbc:mariadb://db/x?sslMode=verify-full&connectTimeout=77"
                                + "&transactionIsolation=READ-COMMITTED")
                .endsWith("&socketTimeout=9000")
                .doesNotContain("connectTimeout=5000");
    }

    @Test
    void completesACompleteUrlToItself() {
        String once = ConnectionUrl.complete("jdbc:mariadb:sequential://a,b:3307/x", TIMEOUT);
        assertThat(ConnectionUrl.complete(once, TIMEOUT)).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "transactionIsolation=REPEATABLE-READ",
                "allowLocalInfile=true",
                "timezone=Europe/Oslo",
                "serverTimezone=UTC",
                "sessionVariables=sql_mode=''",
            })
    void refusesOptionsThatWouldBreakItsPromises(String option) {
        assertThatThrownBy(
                        () -> ConnectionUrl.complete("jdbc:mariadb://db/x?a=b&" + option, TIMEOUT))
                .isInstanceOf(DatabaseUnusableException.class)
                .hasMessageStartingWith("database URL: " + option + " given, only ");
    }

    @Test
    void isUnderstoodByTheDriver() throws Exception {
        String url = ConnectionUrl.complete("jdbc:mariadb://127.0.0.1:1/x", TIMEOUT);
        assertThat(DriverManager.getDriver(url).acceptsURL(url)).isTrue();
        var configuration = org.mariadb.jdbc.Configuration.parse(url);
        assertThat(configuration.socketTimeout()).isEqualTo(9000);
        assertThat(configuration.allowLocalInfile()).isFalse();
        assertThat(configuration.nonMappedOptions()).isEmpty();
    }
}
