package dev.martlet.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.martlet.Refusal;
import dev.martlet.Refused;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

class SpoolTest {
    private static final int MEBIBYTE = 1 << 20;

    @TempDir private Path folder;

    @Test
    @DisplayName("a file has no name from the beginning, and gives its parts as often as they are asked for")
    void hasNoName() throws IOException {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);
        Spool spool = new Spool(folder, MEBIBYTE, 1, 0);
        try (Spool.Reel reel = spool.reel()) {
            reel.write(content, 100_000);
            reel.write(Arrays.copyOfRange(content, 100_000, 300_000), 200_000);
            assertEquals(0, names());
            assertEquals(300_000, reel.length());
            for (int time = 0; time < 2; time++) {
                assertArrayEquals(content, read(reel, 0, 300_000));
                assertArrayEquals(Arrays.copyOfRange(content, 99_999, 100_002), read(reel, 99_999, 100_002));
                assertEquals(0, read(reel, 5, 5).length);
            }
        }
    }

    @Test
    void boundsTheNumberOfFiles() {
        Spool spool = new Spool(folder, MEBIBYTE, 2, 0);
        Spool.Reel one = spool.reel();
        try (Spool.Reel _ = spool.reel()) {
            assertInstanceOf(Refusal.SpoolFull.class, assertThrows(Refused.class, spool::reel).why());
            one.close();
            spool.reel().close();
        }
    }

    @Test
    void boundsTheBytesOfAll() {
        Spool spool = new Spool(folder, 2 * MEBIBYTE, 8, 0);
        byte[] mebibyte = new byte[MEBIBYTE];
        try (Spool.Reel one = spool.reel()) {
            one.write(mebibyte, MEBIBYTE);
            Spool.Reel two = spool.reel();
            two.write(mebibyte, MEBIBYTE);
            Refused refused = assertThrows(Refused.class, () -> one.write(mebibyte, 1));
            assertInstanceOf(Refusal.SpoolFull.class, refused.why());
            two.close();
            one.write(mebibyte, 1);
        }
    }

    @Test
    @DisplayName("what stays free of the disk is not touched; a disk that cannot be written is a refusal of its own")
    void leavesRoomOnTheDisk() throws IOException {
        Spool greedy = new Spool(folder, MEBIBYTE, 1, Long.MAX_VALUE);
        for (int time = 0; time < 2; time++) {
            try (Spool.Reel reel = greedy.reel()) {
                Refused refused = assertThrows(Refused.class, () -> reel.write(new byte[1], 1));
                assertInstanceOf(Refusal.StorageFailed.class, refused.why());
            }
        }
        Spool nowhere = new Spool(folder.resolve("nowhere"), MEBIBYTE, 1, 0);
        for (int time = 0; time < 2; time++) {
            assertInstanceOf(Refusal.StorageFailed.class, assertThrows(Refused.class, nowhere::reel).why());
        }
        assertEquals(0, names());
    }

    private static byte[] read(Spool.Reel reel, long from, long to) throws IOException {
        try (InputStream part = reel.part(from, to)) {
            return part.readAllBytes();
        }
    }

    private long names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
