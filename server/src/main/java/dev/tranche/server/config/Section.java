package dev.tranche.server.config;

import java.util.List;

/** Settings that stand together in the help. */
record Section(String heading, List<Setting> settings) {
    Section(String heading, Setting... settings) {
        this(heading, List.of(settings));
    }
}
