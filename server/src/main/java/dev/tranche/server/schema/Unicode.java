package dev.tranche.server.schema;

/** Facts about Java text as Unicode, found without copying it. */
final class Unicode {
    private Unicode() {}

    /** Length of the text in UTF-8; half a surrogate pair counts as 3 bytes. */
    static int utf8Length(String text) {
        if (isAscii(text)) {
            return text.length();
        }
        int bytes = text.length();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c >= 0x80) {
                bytes++;
                if (c >= 0x800 && !isPair(text, at)) {
                    bytes++;
                }
            }
        }
        return bytes;
    }

    /** One glance at all characters: most text is. */
    private static boolean isAscii(String text) {
        int all = 0;
        for (int at = 0; at < text.length(); at++) {
            all |= text.charAt(at);
        }
        return all < 0x80;
    }

    /** Whether it is valid Unicode: no half of a surrogate pair stands alone. */
    static boolean isValid(String text) {
        if (isAscii(text)) {
            return true;
        }
        for (int at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at)) && !isPair(text, at)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the character is half of a surrogate pair whose other half is its neighbour. */
    private static boolean isPair(String text, int at) {
        char c = text.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : Character.isLowSurrogate(c)
                        && at > 0
                        && Character.isHighSurrogate(text.charAt(at - 1));
    }
}
