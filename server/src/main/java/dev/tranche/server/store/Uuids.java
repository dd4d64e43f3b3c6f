package dev.tranche.server.store;

/** Ids that the server makes: UUIDs as 36 characters, hex digits in lower case. */
final class Uuids {
    private static final int CHARS = 36;

    private Uuids() {}

    /** Whether a text is a UUID, written as the server writes them. */
    static boolean isCanonical(String text) {
        if (text.length() != CHARS) {
            return false;
        }
        for (int i = 0; i < CHARS; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? text.charAt(i) != '-' : !isHex(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
}
