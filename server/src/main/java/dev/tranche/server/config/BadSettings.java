package dev.tranche.server.config;

import java.util.List;

/** Settings that cannot be used; the message has a line for each problem. */
final class BadSettings extends Exception {
    private static final long serialVersionUID = 1L;

    BadSettings(String problem) {
        super(problem);
    }

    BadSettings(String problem, Throwable cause) {
        super(problem, cause);
    }

    /**
     * Says several problems at once.
     *
     * @param problems at least one
     */
    BadSettings(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
