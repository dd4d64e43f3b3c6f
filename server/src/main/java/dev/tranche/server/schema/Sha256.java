package dev.tranche.server.schema;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Fresh SHA-256 digests, by cloning one that is never updated: cheaper than asking providers. */
public final class Sha256 {
    private static final MessageDigest UNTOUCHED = find();

    private Sha256() {}

    /** A digest that has seen nothing yet. */
    public static MessageDigest digest() {
        try {
            return (MessageDigest) UNTOUCHED.clone();
        } catch (CloneNotSupportedException e) {
            return find();
        }
    }

    private static MessageDigest find() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
