package dev.tranche.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tranche.db.ScratchDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BenchDatabaseTest {
    @Test
    void makesADatabaseBesideTheOthersAndDropsNoOther() throws Exception {
        try (ScratchDatabase other = ScratchDatabase.createEmpty()) {
            Set<String> before = databases(other);
            try (BenchDatabase bench =
                    BenchDatabase.beside(other.jdbcUrl(), other.user(), other.password())) {
                Set<String> made = databases(other);
                made.removeAll(before);
                assertThat(made).singleElement().asString().startsWith("tranche_bench_");
                try (Connection connection = bench.connect()) {
                    assertThat(connection.getCatalog()).isEqualTo(made.iterator().next());
                }
            }
            assertThat(databases(other)).isEqualTo(before);
        }
    }

    @Test
    void saysWhatIsWrongWithTheServerItWasGiven() {
        assertThatThrownBy(() -> BenchDatabase.beside("jdbc:mariadb:", "u", ""))
                .isInstanceOf(BenchFailure.class)
                .hasMessage("no URL of a MariaDB on a host: jdbc:mariadb:");
        assertThatThrownBy(() -> BenchDatabase.beside("jdbc:mariadb://127.0.0.1:1/d", "u", ""))
                .isInstanceOf(BenchFailure.class)
                .hasMessageStartingWith(
                        "cannot make a database in jdbc:mariadb://127.0.0.1:1 as u: ");
    }

    private static Set<String> databases(ScratchDatabase database) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW DATABASES")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        names.removeIf(name -> name.startsWith("scratch_"));
        return names;
    }
}
