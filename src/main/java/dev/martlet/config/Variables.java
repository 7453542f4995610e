package dev.martlet.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The variables of the process, then those of the dotenv file. A blank one counts as not set.
final class Variables {
    private static final int NAMES_SHOWN_MAX = 30;

    private final Source process;
    private final Optional<Source> envFile;
    private final Set<String> asked = new HashSet<>();

    private record Source(String name, Map<String, Given> given) {}

    private Variables(Source process, Optional<Source> envFile) {
        this.process = process;
        this.envFile = envFile;
    }

    static Variables read(Map<String, String> environment, Optional<Path> envFile, Findings findings) {
        Map<String, Given> given = new LinkedHashMap<>();
        environment.forEach((name, text) -> given.put(name, Given.written(Place.ENVIRONMENT, name, text)));
        return new Variables(
                new Source(Place.ENVIRONMENT.source(), given),
                envFile.map(path -> new Source(path.toString(), EnvFile.read(path, findings))));
    }

    /// The value under the first of these names that is set, without white space around it; the process is asked for
    /// all of them before the dotenv file.
    Optional<Given> find(String... names) {
        return first(List.of(names)).map(Given::stripped);
    }

    /// The entries of the comma list under the first of these names that is set; empty ones do not count.
    List<Given> listed(String... names) {
        return find(names).stream()
                .flatMap(given ->
                        Arrays.stream(given.text().split(",", -1))
                                .map(entry -> Given.written(given.place(), given.name(), entry.strip())))
                .filter(entry -> !entry.text().isEmpty())
                .toList();
    }

    /// The variables that are set and whose names begin like this, those of the process first; none counts as asked for.
    List<Given> beginning(String prefix) {
        return Stream.concat(Stream.of(process), envFile.stream())
                .flatMap(source -> source.given().entrySet().stream())
                .filter(entry -> entry.getKey().startsWith(prefix) && !entry.getValue().text().isBlank())
                .map(Map.Entry::getValue)
                .toList();
    }

    /// The text of a variable as it was given.
    Optional<String> text(String name) {
        return first(List.of(name)).map(Given::text);
    }

    private Optional<Given> first(List<String> names) {
        asked.addAll(names);
        List<Given> found = new ArrayList<>();
        for (String name : names) add(found, process, name);
        envFile.ifPresent(file -> names.forEach(name -> add(found, file, name)));
        return found.stream().findFirst();
    }

    private static void add(List<Given> found, Source source, String name) {
        Optional.ofNullable(source.given().get(name)).filter(given -> !given.text().isBlank()).ifPresent(found::add);
    }

    /// Remarks the variables that nobody asked for: in the dotenv file all of them, in the process, which has many for
    /// others, only those that can be meant for us.
    void noteUnread(Findings findings) {
        note(process, SeedVariables::isLater, "not part of this version", findings);
        note(process, SeedVariables::isOnlyOurs, "no meaning in Martlet", findings);
        envFile.ifPresent(file -> {
            note(file, SeedVariables::isLater, "not part of this version", findings);
            note(file, SeedVariables::isMeaningless, "no meaning in Martlet", findings);
            note(file, SeedVariables::isUnknown, "unknown", findings);
        });
    }

    private void note(Source source, Predicate<String> which, String why, Findings findings) {
        Set<String> names = new TreeSet<>(source.given().keySet());
        names.removeIf(name -> asked.contains(name) || !which.test(name));
        if (names.isEmpty()) return;
        List<String> shown = new ArrayList<>(names.stream().filter(Variables::isName).limit(NAMES_SHOWN_MAX).toList());
        int more = names.size() - shown.size();
        if (more > 0) shown.add(more + " more");
        findings.remark(String.join(", ", shown) + " (" + source.name() + ") ignored: " + why);
    }

    /// A line of a key in base64 that lost its quotes reads like a variable, too; its letters have both cases.
    private static boolean isName(String name) {
        return name.equals(name.toUpperCase(Locale.ROOT)) || name.equals(name.toLowerCase(Locale.ROOT));
    }
}
