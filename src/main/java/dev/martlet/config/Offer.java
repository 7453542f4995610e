package dev.martlet.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/// What one source has to say about one key.
///
/// @param source for the operator
/// @param texts  one for a single value; none when the source is silent
record Offer<T>(String source, List<Given> texts, Kind<T> kind) {
    Offer {
        texts = kind.secret() ? texts.stream().map(Given::hidden).toList() : List.copyOf(texts);
    }

    /// The source reads like `SERVICE_1, SERVICE_2 (.env)`.
    static <T> Offer<T> ofVariables(List<Given> texts, Kind<T> kind) {
        Map<String, SequencedSet<String>> names = new LinkedHashMap<>();
        for (Given given : texts) {
            names.computeIfAbsent(given.place().source(), _ -> new LinkedHashSet<>()).add(given.name());
        }
        List<String> sources = new ArrayList<>();
        names.forEach((source, here) -> sources.add(String.join(", ", here) + " (" + source + ")"));
        return new Offer<>(String.join(", ", sources), texts, kind);
    }

    boolean isSilent() {
        return texts.isEmpty();
    }

    /// The values that can be read; every other text is a problem.
    List<T> values(Findings findings) {
        List<T> values = new ArrayList<>();
        for (Given given : texts) {
            kind.read(given.text()).ifPresentOrElse(values::add, () -> findings.problem(given, kind.allowed()));
        }
        return values;
    }
}
