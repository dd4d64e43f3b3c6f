package dev.tranche.demo;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Something to print on, and read again. */
final class Paper {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Screen screen(boolean terminal) {
        return new Screen(new PrintStream(bytes, true, StandardCharsets.US_ASCII), terminal);
    }

    String text() {
        return bytes.toString(StandardCharsets.US_ASCII);
    }

    List<String> lines() {
        return text().lines().toList();
    }
}
