package dev.tranche.db;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Tranche has to say in every JDBC URL, because MariaDB's and the driver's defaults are other:
 * sessions are READ COMMITTED, in UTC, strict, and all their text is utf8mb4, compared byte by byte.
 */
public final class ConnectionUrl {
    private static final String SOCKET_TIMEOUT = "socketTimeout";

    /** The driver waits 30 s. */
    private static final Map.Entry<String, String> CONNECT_TIMEOUT =
            Map.entry("connectTimeout", "5000");

    private static final List<Map.Entry<String, String>> REQUIRED =
            List.of(
                    Map.entry("transactionIsolation", "READ-COMMITTED"),
                    Map.entry("connectionCollation", "utf8mb4_nopad_bin"),
                    Map.entry("connectionTimeZone", "UTC"),
                    Map.entry("forceConnectionTimeZoneToSession", "true"),
                    // The server could otherwise read files of this machine.
                    Map.entry("allowLocalInfile", "false"),
                    // 0: MariaDB would turn IN lists of 1,000 values into subqueries, and then
                    // scan and lock whole tables. The mode: a server that is not strict shortens
                    // what does not fit. The count: of so many rows in a bulk it tells which
                    // were left out.
                    Map.entry(
                            "sessionVariables",
                            "in_predicate_conversion_threshold=0,"
                                    + "max_error_count=1000,"
                                    + "sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"));

    /** Older names of what is required. */
    private static final List<String> ALIASES = List.of("timezone", "servertimezone");

    private ConnectionUrl() {}

    /**
     * The URL with everything Tranche needs. Completing it again changes nothing but the timeout.
     *
     * @param url {@code jdbc:mariadb:…}; its own options stay, a {@code socketTimeout} does not
     * @param socketTimeout how long to wait for an answer before the connection counts as dead,
     *     from 1 ms; has to lie above every statement's limit. Zero waits for ever
     * @throws DatabaseUnusableException if the URL sets one of the required options differently
     */
    public static String complete(String url, Duration socketTimeout) {
        int question = url.indexOf('?');
        String address = question < 0 ? url : url.substring(0, question);
        List<String> options = new ArrayList<>(question < 0 ? List.of() : options(url, question));
        refuseOthers(options);
        options.removeIf(option -> isNamed(option, SOCKET_TIMEOUT));
        Stream.concat(REQUIRED.stream(), Stream.of(CONNECT_TIMEOUT))
                .filter(entry -> options.stream().noneMatch(o -> isNamed(o, entry.getKey())))
                .forEach(entry -> options.add(entry.getKey() + "=" + entry.getValue()));
        options.add(SOCKET_TIMEOUT + "=" + socketTimeout.toMillis());
        return options.stream().collect(Collectors.joining("&", address + "?", ""));
    }

    private static List<String> options(String url, int question) {
        return Stream.of(url.substring(question + 1).split("&"))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    private static void refuseOthers(List<String> options) {
        for (String option : options) {
            if (ALIASES.stream().anyMatch(name -> isNamed(option, name))) {
                throw refused(option, "connectionTimeZone=UTC");
            }
            for (Map.Entry<String, String> required : REQUIRED) {
                String wanted = required.getKey() + "=" + required.getValue();
                if (isNamed(option, required.getKey()) && !option.equalsIgnoreCase(wanted)) {
                    throw refused(option, wanted);
                }
            }
        }
    }

    private static boolean isNamed(String option, String name) {
        return option.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + "=");
    }

    private static DatabaseUnusableException refused(String given, String wanted) {
        return new DatabaseUnusableException(
                "database URL: %s given, only %s allowed. Leave it out: Tranche adds it"
                        .formatted(given, wanted));
    }
}
