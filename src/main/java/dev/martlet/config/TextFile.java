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

/// Reads small UTF-8 files whole; a byte order mark is dropped.
final class TextFile {
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

    static String read(Path file, int bytesMax) throws Unreadable {
        if (Files.isDirectory(file)) throw new Unreadable("is a directory");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) throw new Unreadable("is larger than " + Units.SIZE.write(bytesMax));
            return decode(bytes);
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
