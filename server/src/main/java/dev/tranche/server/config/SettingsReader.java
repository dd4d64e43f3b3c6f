package dev.tranche.server.config;

/** Makes a configuration of single values, each of them already checked by itself. */
@FunctionalInterface
interface SettingsReader<C> {

    /**
     * Reads what it needs.
     *
     * @throws BadSettings if values do not go together, or name what is not there
     */
    C read(Values values) throws BadSettings;
}
