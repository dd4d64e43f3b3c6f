package dev.tranche.server.transport;

import dev.tranche.v1.DataFormat;

/** Checks the format that a caller asks for. */
final class Formats {
    private Formats() {}

    /**
     * Adds a violation for a format that this server does not know.
     *
     * @param number as it was sent
     */
    static void check(DataFormat format, int number, Violations violations) {
        if (format == DataFormat.UNRECOGNIZED) {
            violations.add("data_format", "unknown value " + number + " given");
        }
    }
}
