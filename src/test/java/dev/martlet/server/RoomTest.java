package dev.martlet.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomTest {
    private static final long MUCH = 1L << 40;

    @ParameterizedTest
    @ValueSource(longs = {256, 1024, 4096, 20_000, 131_072, 200_000})
    void neitherClientsNorWhatTheyNeedRunOutOfFiles(long files) {
        Room room = new Room(MUCH, files);
        long needed = 2L * room.connections() + room.reserve() + room.resting();
        assertTrue(needed + 64 <= files, needed + " of " + files);
        assertTrue(room.connections() * 4L > files, "most are for clients");
    }

    @Test
    void aSmallHeapTakesFewerClients() {
        assertEquals(10_842, new Room(512L << 20, 131_072).connections());
    }

    @Test
    void thereIsRoomForSomeWhateverThereIs() {
        assertEquals(16, new Room(1 << 20, 64).connections());
    }
}
