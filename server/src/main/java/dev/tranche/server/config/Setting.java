package dev.tranche.server.config;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One thing that can be set, by an option or by the environment variable that belongs to it. */
sealed interface Setting {
    /** What every environment variable of ours begins with. */
    String VARIABLE_PREFIX = "TRANCHE_";

    /** Words joined by hyphens. */
    String name();

    /** What it is, as a sentence without a full stop. */
    String meaning();

    /** What stands for its value in the help. */
    String label();

    /** What it is if nobody says. */
    String standard();

    /** What it may be. */
    String allowed();

    /**
     * What is wrong with a value.
     *
     * @return what was given and what is allowed; null if nothing is wrong
     */
    @Nullable String problem(String given);

    /** The option, with its hyphens. */
    default String option() {
        return "--" + name();
    }

    /** The environment variable. */
    default String variable() {
        return VARIABLE_PREFIX + name().replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /**
     * An amount within a range, both ends included.
     *
     * @param least in the smallest of the unit, as {@code amount} and {@code most}
     */
    record Limit(String name, Unit unit, long least, long amount, long most, String meaning)
            implements Setting {
        @Override
        public String label() {
            return unit.label();
        }

        @Override
        public String standard() {
            return unit.text(amount);
        }

        @Override
        public String allowed() {
            return unit.text(least) + " to " + unit.text(most);
        }

        @Override
        public @Nullable String problem(String given) {
            try {
                long amount = unit.parse(given);
                return least <= amount && amount <= most
                        ? null
                        : given + " given, " + allowed() + " allowed";
            } catch (NumberFormatException e) {
                return "'" + given + "' given, " + unit.shape() + " from " + allowed() + " allowed";
            }
        }
    }

    /** Yes or no; the option without a value means yes. */
    record Switch(String name, boolean on, String meaning) implements Setting {
        @Override
        public String label() {
            return "true|false";
        }

        @Override
        public String standard() {
            return Boolean.toString(on);
        }

        @Override
        public String allowed() {
            return "true or false";
        }

        @Override
        public @Nullable String problem(String given) {
            return given.equals("true") || given.equals("false")
                    ? null
                    : "'" + given + "' given, " + allowed() + " allowed";
        }
    }

    /**
     * Text of a certain form.
     *
     * @param standard for people; whoever reads the setting knows what it means
     * @param fallback the value of the option given alone; null if it needs one
     */
    record Text(
            String name,
            String label,
            Pattern form,
            String allowed,
            String standard,
            @Nullable String fallback,
            String meaning)
            implements Setting {
        @Override
        public @Nullable String problem(String given) {
            return form.matcher(given).matches()
                    ? null
                    : "'" + given + "' given, " + allowed + " allowed";
        }
    }
}
