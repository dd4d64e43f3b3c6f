package dev.tranche.terminal;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Something to print on, and read again. */
public final class Paper {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A screen that prints here. */
    public Screen screen(boolean terminal) {
        return new Screen(new PrintStream(bytes, true, StandardCharsets.US_ASCII), terminal);
    }

    /** All that was printed. */
    public String text() {
        return bytes.toString(StandardCharsets.US_ASCII);
    }

    /** The same, line by line. */
    public List<String> lines() {
        return text().lines().toList();
    }
}
