package dev.martlet.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a reading found: problems, where values came from, and remarks. Reading goes on after a problem, so that the
/// operator hears of all of them at once.
final class Findings {
    private static final int PROBLEMS_MAX = 100;
    private static final int PATHS_MAX = 100;
    private static final int SENTENCE_LENGTH_MAX = 600;

    private record Problem(Place place, String sentence) {
        private static final Comparator<Problem> ORDER =
                Comparator.comparing(Problem::place).thenComparing(Problem::sentence);

        String line() {
            boolean fits = sentence.length() <= SENTENCE_LENGTH_MAX;
            return place + ": " + (fits ? sentence : sentence.substring(0, SENTENCE_LENGTH_MAX) + "…");
        }
    }

    private final SortedSet<Problem> problems = new TreeSet<>(Problem.ORDER);
    private final Map<String, List<String>> pathsBySource = new LinkedHashMap<>();
    private final List<String> remarks = new ArrayList<>();
    private final Map<String, List<?>> values = new LinkedHashMap<>();
    private final Map<Path, String> files = new LinkedHashMap<>();

    void problem(Place place, String sentence) {
        problems.add(new Problem(place, sentence));
    }

    /// A value that cannot be used, and what could be.
    void problem(Given given, String allowed) {
        problem(given.place(), given.name() + " is " + given.shown() + "; allowed " + allowed);
    }

    /// The value at a path is not the default but comes from this source.
    void came(String path, String source) {
        pathsBySource.computeIfAbsent(source, _ -> new ArrayList<>()).add(path);
    }

    /// What a key comes to.
    void value(String path, List<?> value) {
        values.put(path, List.copyOf(value));
    }

    /// What was in a file, by its fingerprint.
    void opened(Path file, String fingerprint) {
        files.put(file, fingerprint);
    }

    /// Files that count by what is in them go under a name of their own.
    void contents(String name, List<Path> of) {
        value(name, of.stream().map(file -> files.getOrDefault(file, "")).toList());
    }

    Written written() {
        return new Written(values, files);
    }

    void remark(String remark) {
        remarks.add(remark);
    }

    void refuse() throws ConfigInvalid {
        if (problems.isEmpty()) return;
        List<String> lines = new ArrayList<>(problems.stream().limit(PROBLEMS_MAX).map(Problem::line).toList());
        int more = problems.size() - lines.size();
        if (more > 0) lines.add("and " + more + " more problems");
        throw new ConfigInvalid(lines, written());
    }

    private static String some(List<String> paths) {
        int more = paths.size() - PATHS_MAX;
        String shown = String.join(", ", paths.subList(0, Math.min(PATHS_MAX, paths.size())));
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    List<String> notes() {
        List<String> notes = new ArrayList<>();
        pathsBySource.forEach((source, paths) -> notes.add(some(paths) + " from " + source));
        notes.addAll(remarks);
        return notes;
    }
}
