package dev.tranche.server.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
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
    static final byte VERSION = 1;

    private final MessageDigest digest;

    CanonicalForm(MessageDigest digest) {
        this.digest = digest;
    }

    void write(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node);
            case ARRAY -> {
                digest.update((byte) 'a');
                integer(node.size());
                node.values().forEach(this::write);
            }
            case NUMBER -> number(CanonicalNumber.of(node));
            case STRING -> {
                digest.update((byte) 's');
                text(node.stringValue());
            }
            case BOOLEAN -> digest.update((byte) (node.booleanValue() ? 't' : 'f'));
            case NULL -> digest.update((byte) 'z');
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("no JSON: " + node);
        }
    }

    private void object(JsonNode node) {
        digest.update((byte) 'o');
        integer(node.size());
        List<Map.Entry<String, JsonNode>> members =
                node.properties().stream().sorted(Map.Entry.comparingByKey()).toList();
        for (Map.Entry<String, JsonNode> member : members) {
            text(member.getKey());
            write(member.getValue());
        }
    }

    private void number(CanonicalNumber number) {
        digest.update((byte) 'n');
        digest.update((byte) number.sign());
        text(number.digits());
        integer(number.exponent());
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        integer(bytes.length);
        digest.update(bytes);
    }

    private void integer(int value) {
        digest.update((byte) (value >>> 24));
        digest.update((byte) (value >>> 16));
        digest.update((byte) (value >>> 8));
        digest.update((byte) value);
    }
}
