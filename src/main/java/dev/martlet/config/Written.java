package dev.martlet.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What one reading of the configuration found, to tell it from another: a value for each key, and what was in each file.
/// Nothing of it is printed but the names of keys.
public final class Written {
    /// What nobody wrote.
    public static final Written NOTHING = new Written(Map.of(), Map.of());

    /// In the section `server`, and yet in the catalog.
    private static final Set<String> MAY_CHANGE = Set.of("server.cors.origins", "server.timeouts.stream");

    private final SortedMap<String, List<?>> values;
    private final Map<Path, String> files;

    Written(Map<String, List<?>> values, Map<Path, String> files) {
        this.values = new TreeMap<>(values);
        this.files = Map.copyOf(files);
    }

    /// Whether a file holds something else by now: who writes it may have been in the middle of that.
    public boolean isOutdated() {
        return files().entrySet().stream()
                .anyMatch(file ->
                        Files.isRegularFile(file.getKey())
                                && !TextFile.fingerprint(file.getKey()).equals(file.getValue()));
    }

    /// The files that were read, and a fingerprint of what was in each.
    Map<Path, String> files() {
        return files;
    }

    /// The keys, of those that may change while Martlet runs, that have another value here.
    public List<String> changedSince(Written earlier) {
        return changed(earlier, key -> !isStartOnly(key));
    }

    /// The keys with another value here that counts from the next start.
    public List<String> atNextRestart(Written started) {
        return changed(started, Written::isStartOnly);
    }

    private List<String> changed(Written earlier, Predicate<String> which) {
        SortedSet<String> changed = new TreeSet<>(differing(earlier, which));
        // Of a channel that is new or gone, every key is: its own path says it all.
        changed.removeIf(key -> isBelow(key, changed));
        return List.copyOf(changed);
    }

    private static boolean isBelow(String key, Set<String> others) {
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
            if (others.contains(key.substring(0, dot))) return true;
        }
        return false;
    }

    private List<String> differing(Written earlier, Predicate<String> which) {
        return Stream.concat(values.keySet().stream(), earlier.values.keySet().stream())
                .distinct()
                .filter(which)
                .filter(key -> !Objects.equals(values.get(key), earlier.values.get(key)))
                .toList();
    }

    private static boolean isStartOnly(String key) {
        return (key.startsWith("server.") && !MAY_CHANGE.contains(key)) || key.equals("log.format");
    }

    @Override
    public String toString() {
        return "Written";
    }
}
