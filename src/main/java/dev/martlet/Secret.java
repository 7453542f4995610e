package dev.martlet;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A credential. Nothing prints it: what is written down is its fingerprint, or its mask.
public final class Secret {
    private static final int SHOWN = 7;
    private static final int FINGERPRINT_BYTES = 16;

    private final String value;

    /// Made when it is asked for: of most that callers bring it never is. Two threads make the same.
    private volatile String fingerprint = "";

    public Secret(String value) {
        this.value = value;
    }

    /// The credential itself, for the one place that needs it.
    public String value() {
        return value;
    }

    /// The beginning of its SHA-256, in hex: tells one from another, and tells nothing else.
    public String fingerprint() {
        if (fingerprint.isEmpty()) fingerprint = HexFormat.of().formatHex(sha256(value), 0, FINGERPRINT_BYTES);
        return fingerprint;
    }

    /// The first seven and the last seven characters with six dots between; of a short one as many stars.
    public String masked() {
        int length = value.length();
        if (length <= 2 * SHOWN) return "*".repeat(length);
        return value.substring(0, SHOWN) + "......" + value.substring(length - SHOWN);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && fingerprint().equals(secret.fingerprint());
    }

    @Override
    public int hashCode() {
        return fingerprint().hashCode();
    }

    @Override
    public String toString() {
        return "Secret";
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
