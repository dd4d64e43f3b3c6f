package dev.tranche.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The variables that begin with {@code TRANCHE_}. */
final class Environment {
    /** Read by the launcher, before Java starts. */
    private static final Set<String> OF_THE_LAUNCHER = Set.of("TRANCHE_JAVA_OPTS");

    private final Map<String, String> variables = new TreeMap<>();

    Environment(Map<String, String> all) {
        all.forEach((name, value) -> {
            if (name.startsWith(Setting.VARIABLE_PREFIX)) {
                variables.put(name, value);
            }
        });
    }

    @Nullable String value(Setting setting) {
        return variables.get(setting.variable());
    }

    /**
     * What nobody knows, and what is known and has a value it must not have. A misspelt variable must
     * not pass for a setting, nor a bad value because an option hides it.
     */
    List<String> problems(List<Setting> known) {
        Map<String, Setting> byVariable =
                known.stream().collect(Collectors.toMap(Setting::variable, setting -> setting));
        List<String> problems = new ArrayList<>();
        variables.forEach((name, value) -> {
            Setting setting = byVariable.get(name);
            if (setting != null) {
                String problem = setting.problem(value);
                if (problem != null) {
                    problems.add(name + ": " + problem);
                }
            } else if (!OF_THE_LAUNCHER.contains(name)) {
                problems.add(name + ": no setting has this environment variable");
            }
        });
        return problems;
    }
}
