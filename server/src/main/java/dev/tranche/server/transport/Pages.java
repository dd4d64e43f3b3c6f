package dev.tranche.server.transport;

import dev.tranche.server.schema.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Pages of one listing. A token is where the next page begins and a hash over that and the listing's
 * name: one that was made up, or comes from another listing, is recognised on any server.
 *
 * @param listing what tells this listing from all others
 */
record Pages(List<String> listing) {
    private static final int SIZE_DEFAULT = 100;
    private static final int SIZE_MAX = 1_000;
    private static final int HASH_BYTES = 12;
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");
    private static final String TOKEN = "page_token";
    private static final String NO_TOKEN = "a token given that no page of this listing had";

    /** The listing of that name. */
    static Pages of(String... listing) {
        return new Pages(List.of(listing));
    }

    /** How many items a page has: 0 and more than there may be are fine. */
    static int size(int given, Violations violations) {
        if (given < 0) {
            violations.add("page_size", given + " given, 0 to " + SIZE_MAX + " allowed");
        }
        return given == 0 ? SIZE_DEFAULT : Math.min(given, SIZE_MAX);
    }

    /** The token of the page that begins after, or at, a position. */
    String token(String position) {
        byte[] text = position.getBytes(StandardCharsets.UTF_8);
        byte[] hash = hash(text);
        byte[] token = Arrays.copyOf(hash, HASH_BYTES + text.length);
        System.arraycopy(text, 0, token, HASH_BYTES, text.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** The position of a token; empty for the first page. */
    String position(String token, Violations violations) {
        if (token.isEmpty()) {
            return "";
        }
        String position = decode(token);
        if (!token(position).equals(token)) {
            violations.add(TOKEN, NO_TOKEN);
        }
        return position;
    }

    /** The position of a token, where positions are indexes; 0 for the first page. */
    int index(String token, Violations violations) {
        String position = position(token, violations);
        if (position.isEmpty()) {
            return 0;
        }
        boolean isIndex = INDEX.matcher(position).matches();
        if (!isIndex) {
            violations.add(TOKEN, NO_TOKEN);
        }
        return isIndex ? Integer.parseInt(position) : 0;
    }

    private static String decode(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            int from = Math.min(HASH_BYTES, bytes.length);
            return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return "";
        }
    }

    private byte[] hash(byte[] position) {
        MessageDigest digest = Sha256.digest();
        for (String part : listing) {
            update(digest, part.getBytes(StandardCharsets.UTF_8));
        }
        update(digest, position);
        return digest.digest();
    }

    private static void update(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        digest.update(part);
    }
}
