package dev.tranche.server.config;

import java.nio.file.Path;

/** Where the data is. */
public sealed interface DatabaseSource {

    /**
     * A MariaDB that others run.
     *
     * @param url {@code jdbc:mariadb:…}, without user and password
     * @param password empty if the user has none
     */
    record External(String url, String user, String password) implements DatabaseSource {
        /** For people; without the password. */
        @Override
        public String toString() {
            return url + " as " + user;
        }
    }

    /**
     * A MariaDB that runs as long as this process.
     *
     * @param folder where its data stays; absolute
     */
    record Embedded(Path folder) implements DatabaseSource {
        /** For people. */
        @Override
        public String toString() {
            return "embedded MariaDB in " + folder;
        }
    }
}
