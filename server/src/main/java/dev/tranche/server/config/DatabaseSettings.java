package dev.tranche.server.config;

import dev.tranche.server.config.DatabaseSource.Embedded;
import dev.tranche.server.config.DatabaseSource.External;
import dev.tranche.server.config.Setting.Limit;
import dev.tranche.server.config.Setting.Switch;
import dev.tranche.server.config.Setting.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says which database. There is no default: a forgotten setting must not start an empty one. */
final class DatabaseSettings {
    private static final int PASSWORD_BYTES_MAX = 4096;

    private static final String STANDARD_FOLDER = "~/.local/share/tranche/db";

    /** What the driver would take from the URL; here it has settings of its own. */
    private static final Pattern CREDENTIALS = Pattern.compile("[?&](user|password)=");

    static final Text DB_URL =
            new Text(
                    "db-url",
                    "URL",
                    Pattern.compile("jdbc:mariadb:.+"),
                    "jdbc:mariadb://HOST:PORT/DATABASE",
                    "none",
                    null,
                    "The MariaDB to use, version 10.11 or newer");
    static final Text DB_USER =
            new Text(
                    "db-user",
                    "NAME",
                    Pattern.compile(".{1,128}"),
                    "1 to 128 characters",
                    "none",
                    null,
                    "Its user; needed with --db-url");
    static final Text DB_PASSWORD_FILE =
            new Text(
                    "db-password-file",
                    "FILE",
                    Pattern.compile(".+"),
                    "a readable file of 1 to " + PASSWORD_BYTES_MAX + " bytes",
                    "none, for a user without password",
                    null,
                    "Its user's password, alone in a file; a line break at the end does not count");
    static final Text EMBEDDED =
            new Text(
                    "embedded",
                    "DIR",
                    // An unknown option behind --embedded is not its folder.
                    Pattern.compile("[^-].*"),
                    "a folder, made if it is not there",
                    "none",
                    STANDARD_FOLDER,
                    "Start a MariaDB of our own that keeps its data in this folder; without DIR"
                            + " that is "
                            + STANDARD_FOLDER);

    static final Switch NO_MIGRATE =
            new Switch(
                    "no-migrate",
                    false,
                    "Leave the tables as they are at the start; tranche migrate changes them");
    static final Limit CONNECTIONS_MAX =
            new Limit(
                    "db-connections-max",
                    Unit.COUNT,
                    1,
                    10,
                    1_000,
                    "Connections to the database, of which each transaction needs one; up to half may"
                            + " serve chunks that begin before their turn; one more watches over"
                            + " its health");
    static final Section WHICH =
            new Section("Database", DB_URL, DB_USER, DB_PASSWORD_FILE, EMBEDDED);
    static final Section SECTION =
            new Section(
                    "Database",
                    DB_URL,
                    DB_USER,
                    DB_PASSWORD_FILE,
                    EMBEDDED,
                    NO_MIGRATE,
                    CONNECTIONS_MAX);

    private DatabaseSettings() {}

    static DatabaseSource read(Values values) throws BadSettings {
        String url = values.text(DB_URL);
        String folder = values.text(EMBEDDED);
        if (url != null && folder != null) {
            throw new BadSettings(
                    "%s and %s: both given, one of them allowed"
                            .formatted(values.nameOf(DB_URL), values.nameOf(EMBEDDED)));
        }
        if (folder != null) {
            return embedded(values, folder);
        }
        if (url != null) {
            return external(values, url);
        }
        throw new BadSettings(
                "no database given: either %s and %s, or %s is needed"
                        .formatted(DB_URL.option(), DB_USER.option(), EMBEDDED.option()));
    }

    private static Embedded embedded(Values values, String folder) throws BadSettings {
        for (Text foreign : new Text[] {DB_USER, DB_PASSWORD_FILE}) {
            if (values.text(foreign) != null) {
                throw new BadSettings(
                        "%s: given, but the embedded MariaDB makes its own user"
                                .formatted(values.nameOf(foreign)));
            }
        }
        return new Embedded(path(folder));
    }

    private static External external(Values values, String url) throws BadSettings {
        if (CREDENTIALS.matcher(url).find()) {
            throw new BadSettings(
                    "%s: user and password belong in %s and %s"
                            .formatted(
                                    values.nameOf(DB_URL),
                                    DB_USER.option(),
                                    DB_PASSWORD_FILE.option()));
        }
        String user = values.text(DB_USER);
        if (user == null) {
            throw new BadSettings(
                    "%s: needed with %s".formatted(DB_USER.option(), DB_URL.option()));
        }
        return new External(url, user, password(values, values.text(DB_PASSWORD_FILE)));
    }

    private static String password(Values values, @Nullable String file) throws BadSettings {
        if (file == null) {
            return "";
        }
        try (var in = Files.newInputStream(path(file))) {
            byte[] bytes = in.readNBytes(PASSWORD_BYTES_MAX + 1);
            if (bytes.length > 0 && bytes.length <= PASSWORD_BYTES_MAX) {
                return new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
            }
        } catch (IOException e) {
            throw new BadSettings(
                    "%s: cannot read %s".formatted(values.nameOf(DB_PASSWORD_FILE), file), e);
        }
        throw new BadSettings(
                "%s: %s given, %s allowed"
                        .formatted(
                                values.nameOf(DB_PASSWORD_FILE), file, DB_PASSWORD_FILE.allowed()));
    }

    /** Absolute; where no shell has done it, {@code ~} still means the home folder. */
    private static Path path(String text) {
        String home = System.getProperty("user.home");
        return Path.of(text.startsWith("~/") ? home + text.substring(1) : text)
                .toAbsolutePath()
                .normalize();
    }
}
