package dev.tranche.terminal;

import com.google.protobuf.ProtocolMessageEnum;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command tells what it does. Plain ASCII; headings are bold on a terminal that can.
 *
 * @param terminal whether somebody watches, so that a line may be written over
 */
public record Screen(PrintStream out, boolean terminal) {
    private static final String INDENT = "   ";
    private static final String GAP = "  ";
    private static final Pattern NUMBER = Pattern.compile("[0-9.,]*( m?s)?");

    /** Where people may watch; whether they do is found out. */
    public static Screen on(PrintStream out) {
        boolean watched =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        return new Screen(out, watched);
    }

    /** A line that stands out, with room around it. */
    public void heading(String text) {
        out.println();
        out.println((terminal ? Ansi.AUTO : Ansi.OFF).new Text("@|bold " + text + "|@"));
        out.println();
    }

    /** One line. */
    public void say(String line) {
        out.println(line.isEmpty() ? line : INDENT + line);
    }

    /** Columns as wide as their widest cell; the first row is the head. */
    public void table(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            int at = column;
            widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
        }
        for (List<String> row : rows) {
            say(
                    IntStream.range(0, columns)
                            .mapToObj(column -> cell(rows, row, column, widths.get(column)))
                            .collect(Collectors.joining(GAP))
                            .stripTrailing());
        }
    }

    /** A column of numbers or times stands right, its head with it. */
    private static String cell(List<List<String>> rows, List<String> row, int column, int width) {
        boolean number =
                rows.stream()
                        .skip(1)
                        .map(other -> other.get(column))
                        .allMatch(text -> NUMBER.matcher(text).matches());
        String padding = " ".repeat(width - row.get(column).length());
        return number ? padding + row.get(column) : row.get(column) + padding;
    }

    /** A whole number as people read it. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** An enum value without the name of its enum: {@code OUTCOME_INSERTED} is INSERTED. */
    public static String name(ProtocolMessageEnum value) {
        String type = value.getDescriptorForType().getName();
        String prefix = type.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT) + "_";
        return value.getValueDescriptor().getName().substring(prefix.length());
    }

    /** A time as people read it. */
    public static String time(Duration time) {
        return time.toMillis() < 1_000
                ? time.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }
}
