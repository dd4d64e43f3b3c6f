package dev.tranche.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tranche.server.config.DatabaseSource.Embedded;
import dev.tranche.server.config.DatabaseSource.External;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseSettingsTest {
    private final Terminal terminal = new Terminal();

    @Test
    void needsADatabase() {
        assertRefused("no database given: either --db-url and --db-user, or --embedded is needed");
    }

    @Test
    void refusesTwoDatabases() {
        terminal.environment.put("TRANCHE_EMBEDDED", "/data");
        assertRefused(
                "--db-url and TRANCHE_EMBEDDED: both given, one of them allowed",
                "--db-url=jdbc:mariadb://db/tranche",
                "--db-user=me");
    }

    @Test
    void refusesAnEmptyVariableInsteadOfADatabase() {
        terminal.environment.put("TRANCHE_EMBEDDED", "");
        assertRefused("TRANCHE_EMBEDDED: '' given, a folder, made if it is not there allowed");
    }

    @Test
    void refusesAUserForTheEmbeddedDatabase() {
        assertRefused(
                "--db-user: given, but the embedded MariaDB makes its own user",
                "--embedded",
                "--db-user=me");
    }

    @Test
    void needsAUserForAUrl() {
        assertRefused("--db-user: needed with --db-url", "--db-url=jdbc:mariadb://db/tranche");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:mysql://db/tranche", "db:3306", "jdbc:mariadb:"})
    void refusesAUrlOfAnotherKind(String url) {
        assertRefused(
                "--db-url: '" + url + "' given, jdbc:mariadb://HOST:PORT/DATABASE allowed",
                "--db-url",
                url,
                "--db-user=me");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?password=x", "?a=b&user=x"})
    void refusesCredentialsInTheUrl(String query) {
        assertRefused(
                "--db-url: user and password belong in --db-user and --db-password-file",
                "--db-url=jdbc:mariadb://db/tranche" + query,
                "--db-user=me");
    }

    @Test
    void readsThePasswordFromItsFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "se cret \n");
        DatabaseSource database = external("--db-password-file=" + file);
        assertThat(database).isEqualTo(new External("jdbc:mariadb://db/tranche", "me", "se cret "));
        assertThat(database.toString()).doesNotContain("cret");
    }

    @Test
    void takesNoPasswordForAUserWithoutOne() {
        assertThat(external()).isEqualTo(new External("jdbc:mariadb://db/tranche", "me", ""));
    }

    @Test
    void refusesAPasswordFileThatIsNotThereOrEmptyOrTooLarge(@TempDir Path folder)
            throws Exception {
        Path empty = Files.createFile(folder.resolve("empty"));
        Path most = Files.writeString(folder.resolve("most"), "p".repeat(4096));
        Path large = Files.writeString(folder.resolve("large"), "p".repeat(4097));

        assertThat(external("--db-password-file=" + most)).isInstanceOf(External.class);
        for (Path file : List.of(empty, large)) {
            assertRefused(
                    "--db-password-file: " + file + " given, a readable file of 1 to 4096 bytes",
                    "--db-url=jdbc:mariadb://db/tranche",
                    "--db-user=me",
                    "--db-password-file=" + file);
        }
        assertRefused(
                "--db-password-file: cannot read " + folder.resolve("none"),
                "--db-url=jdbc:mariadb://db/tranche",
                "--db-user=me",
                "--db-password-file=" + folder.resolve("none"));
    }

    @Test
    void keepsTheEmbeddedDatabaseInTheHomeFolderIfNoneIsGiven() {
        assertThat(terminal.serve("--embedded", "--port=1").database())
                .isEqualTo(
                        new Embedded(
                                Path.of(
                                        System.getProperty("user.home"),
                                        ".local/share/tranche/db")));
    }

    @Test
    void migratesTheDatabaseItIsGiven() {
        assertThat(
                        terminal.execute(
                                "migrate", "--db-url=jdbc:mariadb://db/tranche", "--db-user=me"))
                .isZero();
        assertThat(terminal.migrated)
                .containsExactly(new External("jdbc:mariadb://db/tranche", "me", ""));
    }

    @Test
    void migratesWithTheVariablesOfTheServer() {
        terminal.environment.put("TRANCHE_EMBEDDED", "/data");
        terminal.environment.put("TRANCHE_PORT", "7");
        assertThat(terminal.execute("migrate")).isZero();
        assertThat(terminal.migrated).containsExactly(new Embedded(Path.of("/data")));
    }

    private DatabaseSource external(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("--db-url=jdbc:mariadb://db/tranche", "--db-user=me"));
        arguments.addAll(List.of(more));
        return terminal.serve(arguments.toArray(String[]::new)).database();
    }

    private void assertRefused(String message, String... arguments) {
        assertThat(terminal.refusal(arguments)).contains(message);
    }
}
