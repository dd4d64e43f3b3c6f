package dev.tranche.server.config;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import dev.tranche.server.config.Setting.Limit;
import dev.tranche.server.config.Setting.Switch;
import dev.tranche.server.config.Setting.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Layout;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** One command whose options are settings. The parser only splits the words; values are ours. */
final class SettingsCommand<C> implements Callable<Integer> {
    private final CommandSpec spec;
    private final List<Section> sections;
    private final Environment environment;
    private final SettingsReader<C> reader;
    private final Action<C> action;

    SettingsCommand(
            List<Section> sections,
            Environment environment,
            SettingsReader<C> reader,
            Action<C> action) {
        this.spec = CommandSpec.wrapWithoutInspection(this);
        this.sections = sections;
        this.environment = environment;
        this.reader = reader;
        this.action = action;
    }

    /** The command as the parser knows it. */
    CommandSpec spec(String name, String... description) {
        spec.name(name).usageMessage().description(description).abbreviateSynopsis(true);
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this and exit.")
                        .build());
        sections.forEach(
                section -> section.settings().forEach(each -> spec.addOption(option(each))));
        spec.usageMessage().sectionMap().put(SECTION_KEY_OPTION_LIST, this::optionList);
        return spec;
    }

    /** Runs the action; the exit code is 0 if it comes back. */
    @Override
    public Integer call() throws Exception {
        action.run(config(spec.commandLine().getParseResult()));
        return 0;
    }

    /**
     * The settings that the parser found, or the environment.
     *
     * @throws ParameterException if they cannot be used
     */
    C config(ParseResult found) {
        try {
            return reader.read(Values.of(options(found), environment, ServeConfig.settings()));
        } catch (BadSettings e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** The options of the help, section by section. */
    private String optionList(Help help) {
        StringBuilder list = new StringBuilder();
        for (Section section : sections) {
            List<OptionSpec> options =
                    section.settings().stream()
                            .map(setting -> spec.findOption(setting.option()))
                            .toList();
            Layout layout = help.createDefaultLayout(spec.options(), List.of(), help.colorScheme());
            layout.addOptions(options, help.parameterLabelRenderer());
            list.append("%n%s:%n%s".formatted(section.heading(), layout));
        }
        return list.toString();
    }

    private Map<Setting, String> options(ParseResult found) {
        Map<Setting, String> options = new LinkedHashMap<>();
        for (Section section : sections) {
            for (Setting setting : section.settings()) {
                if (found.hasMatchedOption(setting.option())) {
                    options.put(setting, found.matchedOptionValue(setting.option(), ""));
                }
            }
        }
        return options;
    }

    private static OptionSpec option(Setting setting) {
        OptionSpec.Builder option =
                OptionSpec.builder(setting.option())
                        .type(String.class)
                        .paramLabel(setting.label())
                        .description(
                                setting.meaning() + ".",
                                "Default %s; %s. [%s]"
                                        .formatted(
                                                setting.standard(),
                                                setting.allowed(),
                                                setting.variable()));
        return switch (setting) {
            case Limit limit -> option.arity("1").build();
            case Switch onOff -> option.arity("0..1").fallbackValue("true").build();
            case Text text when text.fallback() != null ->
                    option.arity("0..1").fallbackValue(text.fallback()).build();
            case Text text -> option.arity("1").build();
        };
    }
}
