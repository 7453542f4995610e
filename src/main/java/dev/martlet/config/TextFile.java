package dev.martlet.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Reads small UTF-8 files whole; a byte order mark is dropped.
final class TextFile {
    /// Of no file is more read.
    static final int BYTES_MAX = 8 << 20;

    private TextFile() {}

    /// Why a file could not be read, as the end of a sentence that begins with its name.
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String why) {
            super(why, null, false, false);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /// The text of a file; what was in it is noted among the findings, so that a change can be seen.
    static String read(Path file, int bytesMax, Findings findings) throws Unreadable {
        byte[] bytes;
        try {
            bytes = bytes(file);
        } catch (Unreadable unreadable) {
            findings.opened(file, unreadable.why());
            throw unreadable;
        }
        findings.opened(file, fingerprint(bytes));
        if (bytes.length > bytesMax) throw new Unreadable("is larger than " + Units.SIZE.write(bytesMax));
        return decode(bytes);
    }

    /// Tells contents apart; why the file cannot be read counts as one.
    static String fingerprint(Path file) {
        try {
            return fingerprint(bytes(file));
        } catch (Unreadable unreadable) {
            return unreadable.why();
        }
    }

    private static String fingerprint(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static byte[] bytes(Path file) throws Unreadable {
        if (Files.isDirectory(file)) throw new Unreadable("is a directory");
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(BYTES_MAX + 1);
        } catch (NoSuchFileException _) {
            throw new Unreadable("does not exist");
        } catch (AccessDeniedException _) {
            throw new Unreadable("may not be read by this user");
        } catch (IOException _) {
            throw new Unreadable("cannot be read");
        }
    }

    private static String decode(byte[] bytes) throws Unreadable {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException _) {
            throw new Unreadable("is not UTF-8 text");
        }
    }
}
