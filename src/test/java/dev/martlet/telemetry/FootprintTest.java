package dev.martlet.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FootprintTest {
    @Test
    void whereNoFileIsLeftToCountThemWithAllAreOpen() {
        Footprint.OpenFiles files =
                Footprint.OpenFiles.counted(
                        () -> {
                            throw new InternalError("errno: 24 error: Unable to open directory /proc/self/fd");
                        },
                        1024);
        assertEquals(new Footprint.OpenFiles(1024, 1024), files);
        assertEquals(new Footprint.OpenFiles(7, 1024), Footprint.OpenFiles.counted(() -> 7, 1024));
    }
}
