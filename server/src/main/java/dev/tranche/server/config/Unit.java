package dev.tranche.server.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How amounts are written. Inside they are whole numbers of the smallest of the unit.
 *
 * @param label what stands for a value in the help
 * @param shape what a value looks like, in words
 * @param suffixes ascending by size
 */
record Unit(String label, String shape, List<Suffix> suffixes) {
    static final Unit COUNT = new Unit("COUNT", "a whole number", List.of(new Suffix("", 1)));
    static final Unit PORT = new Unit("PORT", "a whole number", COUNT.suffixes);
    static final Unit BYTES =
            new Unit(
                    "SIZE",
                    "a size such as 65536, 64KiB or 16MiB",
                    List.of(
                            new Suffix("", 1),
                            new Suffix("B", 1),
                            new Suffix("KiB", 1L << 10),
                            new Suffix("MiB", 1L << 20),
                            new Suffix("GiB", 1L << 30)));

    /** Milliseconds. */
    static final Unit TIME =
            new Unit(
                    "TIME",
                    "a time such as 500ms, 3s, 2min, 1h or 7d",
                    List.of(
                            new Suffix("ms", 1),
                            new Suffix("s", 1_000),
                            new Suffix("min", 60_000),
                            new Suffix("h", 3_600_000),
                            new Suffix("d", 86_400_000)));

    /** Eighteen digits always fit a long. */
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,18})([A-Za-z]*)");

    /**
     * Reads an amount.
     *
     * @throws NumberFormatException if the text is none, or none that fits a long
     */
    long parse(String text) {
        Matcher amount = AMOUNT.matcher(text);
        if (amount.matches()) {
            long number = Long.parseLong(amount.group(1));
            for (Suffix suffix : suffixes) {
                if (suffix.text.equals(amount.group(2)) && number <= Long.MAX_VALUE / suffix.size) {
                    return number * suffix.size;
                }
            }
        }
        throw new NumberFormatException(text);
    }

    /** Writes an amount with the largest suffix with which it is whole. */
    String text(long amount) {
        return suffixes.reversed().stream()
                .filter(suffix -> amount % suffix.size == 0 && (amount > 0 || suffix.size == 1))
                .findFirst()
                .map(suffix -> amount / suffix.size + suffix.text)
                .orElseThrow();
    }

    /**
     * What follows the number.
     *
     * @param size of one, in the smallest of the unit
     */
    record Suffix(String text, long size) {}
}
