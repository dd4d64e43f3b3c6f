package dev.tranche.server.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Version 1 of the bytes by which values are told apart: equal values, and only those, have equal
 * bytes. A letter for the type comes first, and lengths before contents. Stored hashes are made of
 * it: another form is another version.
 */
final class CanonicalForm {
    /** Comes first wherever this form is hashed. */
    private static final byte VERSION = 1;

    private static final int BYTES_AT_ONCE = 8_192;

    private final MessageDigest digest;

    /** What the digest has not seen yet: it is slow on single bytes. */
    private byte[] pending = new byte[128];

    private int count;

    CanonicalForm(MessageDigest digest) {
        this.digest = digest;
        put(VERSION);
    }

    /** Adds a value; the digest has seen it after {@link #end}. */
    void write(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node);
            case ARRAY -> {
                put((byte) 'a');
                integer(node.size());
                node.values().forEach(this::write);
            }
            case NUMBER -> number(CanonicalNumber.of(node));
            case STRING -> {
                put((byte) 's');
                text(node.stringValue());
            }
            case BOOLEAN -> put((byte) (node.booleanValue() ? 't' : 'f'));
            case NULL -> put((byte) 'z');
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("no JSON: " + node);
        }
    }

    void end() {
        digest.update(pending, 0, count);
        count = 0;
    }

    private void object(JsonNode node) {
        put((byte) 'o');
        integer(node.size());
        List<Map.Entry<String, JsonNode>> members =
                node.properties().stream().sorted(Map.Entry.comparingByKey()).toList();
        for (Map.Entry<String, JsonNode> member : members) {
            text(member.getKey());
            write(member.getValue());
        }
    }

    private void number(CanonicalNumber number) {
        put((byte) 'n');
        put((byte) number.sign());
        text(number.digits());
        integer(number.exponent());
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        integer(bytes.length);
        if (bytes.length > BYTES_AT_ONCE) {
            end();
            digest.update(bytes);
        } else {
            makeRoom(bytes.length);
            System.arraycopy(bytes, 0, pending, count, bytes.length);
            count += bytes.length;
        }
    }

    private void integer(int value) {
        makeRoom(Integer.BYTES);
        pending[count++] = (byte) (value >>> 24);
        pending[count++] = (byte) (value >>> 16);
        pending[count++] = (byte) (value >>> 8);
        pending[count++] = (byte) value;
    }

    private void put(byte one) {
        makeRoom(1);
        pending[count++] = one;
    }

    private void makeRoom(int bytes) {
        if (count + bytes > BYTES_AT_ONCE) {
            end();
        }
        if (count + bytes > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(2 * pending.length, count + bytes));
        }
    }
}
