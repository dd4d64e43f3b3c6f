package dev.tranche.server.transport;

/** Cuts text to a number of UTF-8 bytes. */
final class Utf8 {
    private static final String CUT = "…";
    private static final int CUT_BYTES = 3;

    private Utf8() {}

    /**
     * The text if its UTF-8 has at most so many bytes, else as much of it as fits before "…".
     *
     * @param bytesMax at least 3
     */
    static String cut(String text, int bytesMax) {
        int bytes = 0;
        int fits = 0;
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            bytes += length(codePoint);
            at += Character.charCount(codePoint);
            if (bytes > bytesMax) {
                return text.substring(0, fits) + CUT;
            }
            if (bytes <= bytesMax - CUT_BYTES) {
                fits = at;
            }
        }
        return text;
    }

    private static int length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }
}
