package dev.martlet.config;

import dev.martlet.Routine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Looks now and then whether the files of the last reading still hold what was read then. A change counts once the files
/// have been quiet from one look to the next: an editor may be in the middle of writing, and half a file may be a valid one.
public final class ConfigWatch implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(400);

    private final Supplier<Written> lastReading;
    private final Runnable changed;
    private final Routine looks;
    private Map<Path, Stamp> before = Map.of();
    private Map<Path, Stamp> judged = Map.of();

    /// What the file system says of a file without reading it.
    private record Stamp(FileTime modified, long size, Optional<Object> key, boolean regular) {
        static final Stamp NONE = new Stamp(FileTime.fromMillis(0), -1, Optional.empty(), true);

        static Stamp of(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                Optional<Object> key = Optional.ofNullable(now.fileKey());
                return new Stamp(now.lastModifiedTime(), now.size(), key, now.isRegularFile());
            } catch (IOException _) {
                return NONE;
            }
        }
    }

    /// Looks from now on, on a thread of its own.
    ///
    /// @param lastReading what was read last, also when it was refused
    /// @param changed     reads again; runs on the watch's thread
    public ConfigWatch(Supplier<Written> lastReading, Runnable changed) {
        this.lastReading = lastReading;
        this.changed = changed;
        this.looks = new Routine("config-watch", LOOK, this::look);
    }

    @Override
    public void close() {
        looks.close();
    }

    private void look() {
        Map<Path, String> read = lastReading.get().files();
        Map<Path, Stamp> now = new HashMap<>();
        read.keySet().forEach(file -> now.put(file, Stamp.of(file)));
        boolean quiet = now.equals(before);
        before = now;
        if (!quiet || now.equals(judged)) return;
        judged = now;
        if (read.entrySet().stream().anyMatch(file -> differs(file, now))) changed.run();
    }

    /// What is no regular file, a pipe say, can be read but once.
    private static boolean differs(Map.Entry<Path, String> read, Map<Path, Stamp> now) {
        Stamp stamp = now.getOrDefault(read.getKey(), Stamp.NONE);
        return stamp.regular() && !TextFile.fingerprint(read.getKey()).equals(read.getValue());
    }
}
