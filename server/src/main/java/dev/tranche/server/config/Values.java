package dev.tranche.server.config;

import dev.tranche.server.config.Setting.Limit;
import dev.tranche.server.config.Setting.Switch;
import dev.tranche.server.config.Setting.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was set. Options win over environment variables, and these over defaults. */
final class Values {
    private final Map<Setting, String> options;
    private final Environment environment;
    private final Map<Limit, Long> defaults;

    private Values(
            Map<Setting, String> options, Environment environment, Map<Limit, Long> defaults) {
        this.options = options;
        this.environment = environment;
        this.defaults = defaults;
    }

    /**
     * Checks everything that was set, each setting by itself.
     *
     * @param options as given on the command line
     * @param known every setting there is, whether this command reads it or not
     * @throws BadSettings naming all that is wrong
     */
    static Values of(Map<Setting, String> options, Environment environment, List<Setting> known)
            throws BadSettings {
        List<String> problems = new ArrayList<>();
        options.forEach((setting, given) -> {
            String problem = setting.problem(given);
            if (problem != null) {
                problems.add(setting.option() + ": " + problem);
            }
        });
        problems.addAll(environment.problems(known));
        if (!problems.isEmpty()) {
            throw new BadSettings(problems);
        }
        return new Values(options, environment, Map.of());
    }

    /** Null if nobody set it. */
    @Nullable String text(Text setting) {
        return given(setting);
    }

    boolean on(Switch setting) {
        String given = given(setting);
        return given == null ? setting.on() : Boolean.parseBoolean(given);
    }

    /** In the smallest of the limit's unit. */
    long amount(Limit setting) {
        String given = given(setting);
        return given == null
                ? defaults.getOrDefault(setting, setting.amount())
                : setting.unit().parse(given);
    }

    /** The same, with another default for an amount that follows from others. */
    Values withDefault(Limit setting, long amount) {
        Map<Limit, Long> more = new HashMap<>(defaults);
        more.put(setting, amount);
        return new Values(options, environment, more);
    }

    /** An amount whose range fits an int. */
    int count(Limit setting) {
        return Math.toIntExact(amount(setting));
    }

    Duration time(Limit setting) {
        return Duration.ofMillis(amount(setting));
    }

    /** The option or the variable, whichever was used; the option if neither was. */
    String nameOf(Setting setting) {
        boolean byVariable = !options.containsKey(setting) && environment.value(setting) != null;
        return byVariable ? setting.variable() : setting.option();
    }

    /**
     * Checks two amounts of one unit against each other.
     *
     * @throws BadSettings if one amount is larger than the other
     */
    void checkOrder(Limit smaller, Limit larger) throws BadSettings {
        if (amount(smaller) > amount(larger)) {
            throw new BadSettings(
                    "%s: %s given, at most %s allowed, which is what %s is"
                            .formatted(
                                    nameOf(smaller),
                                    smaller.unit().text(amount(smaller)),
                                    larger.unit().text(amount(larger)),
                                    nameOf(larger)));
        }
    }

    private @Nullable String given(Setting setting) {
        String given = options.get(setting);
        return given == null ? environment.value(setting) : given;
    }
}
