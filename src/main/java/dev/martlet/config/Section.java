package dev.martlet.config;

import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/// A mapping of the file, by the keys that are asked for. A key that nobody asked for is one that we do not know.
final class Section {
    private static final String SHAPE = "keys, each with a colon behind it";
    private static final String SECRET = "(secret)";

    private final Reading reading;
    private final String path;
    private final Place place;
    private final boolean secret;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Section> sections = new LinkedHashMap<>();
    private final SequencedSet<String> asked = new LinkedHashSet<>();

    private record Entry(Place place, Value value) {}

    private Section(Reading reading, String path, Place place, boolean secret) {
        this.reading = reading;
        this.path = path;
        this.place = place;
        this.secret = secret;
    }

    static Section top(Reading reading, Optional<Node> node) {
        Section top = empty(reading, "");
        node.ifPresent(there -> top.fill(new Value(reading, "", there)));
        return top;
    }

    /// One in which nothing is written.
    static Section empty(Reading reading, String path) {
        return new Section(reading, path, Place.of(reading.file()), false);
    }

    /// The mapping at a place. Who makes a section has it refuse what is unknown.
    static Section of(Value value) {
        return of(value, false);
    }

    /// A mapping that a credential can have slipped into anywhere: of what cannot be used nothing is printed.
    static Section ofSecrets(Value value) {
        return of(value, true);
    }

    private static Section of(Value value, boolean secret) {
        Section section = new Section(value.reading(), value.path(), value.place(), secret);
        section.fill(value);
        return section;
    }

    /// The mapping under a key; an empty one when there is none.
    Section section(String key) {
        return sections.computeIfAbsent(
                key, _ -> value(key).map(Section::of).orElseGet(() -> empty(reading, pathOf(key))));
    }

    /// The same for a mapping as [#ofSecrets] has it.
    Section secrets(String key) {
        return sections.computeIfAbsent(
                key, _ -> value(key).map(Section::ofSecrets).orElseGet(() -> empty(reading, pathOf(key))));
    }

    /// What stands under a key.
    Optional<Value> value(String key) {
        asked.add(key);
        return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    /// The single value under a key.
    <T> Setting<T> setting(String key, Kind<T> kind) {
        return setting(key, kind, value(key).stream().toList());
    }

    /// The single value under a key that must be there.
    <T> Setting<T> required(String key, Kind<T> kind) {
        if (value(key).isEmpty()) {
            reading.findings().problem(new Given(place, pathOf(key), "", "missing"), kind.allowed());
        }
        return setting(key, kind);
    }

    /// The list under a key; what the count refuses is a problem.
    <T> Setting<T> list(String key, Kind<T> kind, Count count) {
        return setting(key, kind, elements(key, count));
    }

    /// The list under a key, of texts that may be written `name: value` without quotes.
    <T> Setting<T> lines(String key, Kind<T> kind, Count count) {
        return setting(key, kind, elements(key, count).stream().map(Value::asLine).toList());
    }

    /// What stands in the list under a key.
    List<Value> elements(String key, Count count) {
        return value(key).map(value -> value.elements(count)).orElse(List.of());
    }

    private <T> Setting<T> setting(String key, Kind<T> kind, List<Value> values) {
        return Value.setting(reading, pathOf(key), kind, values);
    }

    /// The keys that are written here, for a section in which any name may stand.
    List<String> names() {
        asked.addAll(entries.keySet());
        List<String> names = new ArrayList<>();
        entries.forEach((name, entry) -> {
            if (!entry.value().isEmpty()) names.add(name);
            else
                problem(
                        entry.place(),
                        path,
                        "a name without a value",
                        "names, each with a colon and a value behind it");
        });
        return names;
    }

    /// Says that a key was written, and what it comes to.
    void written(String key, List<?> value) {
        reading.findings().value(pathOf(key), value);
        if (!value.isEmpty()) reading.findings().came(pathOf(key), reading.file());
    }

    /// Reports the keys that nobody asked for, here and below.
    void refuseUnknown() {
        entries.forEach((key, entry) -> {
            if (!asked.contains(key)) reading.findings().problem(entry.place(), unknown(key));
        });
        sections.values().forEach(Section::refuseUnknown);
    }

    private String unknown(String key) {
        String allowed = "; allowed here: " + String.join(", ", asked);
        if (LaterKeys.has(pathOf(key))) return pathOf(key) + " is not part of this version" + allowed;
        Optional<String> near = Spelling.nearest(key, asked);
        String meant = near.map(word -> "; did you mean " + word + "?").orElse("");
        String shown = secret && near.isEmpty() ? SECRET : Quote.ofKey(key);
        return below(shown) + " is not a key" + meant + allowed;
    }

    String path() {
        return path;
    }

    Reading reading() {
        return reading;
    }

    private String pathOf(String key) {
        return below(secret && !Quote.isWord(key) ? SECRET : Quote.ofName(key));
    }

    private String below(String shown) {
        return path.isEmpty() ? shown : path + "." + shown;
    }

    private void fill(Value value) {
        if (value.isEmpty()) return;
        if (value.node() instanceof MappingNode mapping) mapping.getValue().forEach(this::add);
        else problem(value.place(), path.isEmpty() ? "the file" : path, shape(value), SHAPE);
    }

    private String shape(Value value) {
        return secret && value.isText() ? SECRET : value.shape();
    }

    private void add(NodeTuple tuple) {
        Value name = new Value(reading, path, tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            problem(name.place(), "a key", name.shape(), "a word");
            return;
        }
        Value value = new Value(reading, pathOf(key.getValue()), tuple.getValueNode());
        Entry first = entries.putIfAbsent(key.getValue(), new Entry(name.place(), value));
        if (first == null) return;
        String twice = " is written a second time; it stands in line " + first.place().line() + " already";
        String shown = secret ? SECRET : Quote.ofKey(key.getValue());
        reading.findings().problem(name.place(), below(shown) + twice);
    }

    private void problem(Place at, String what, String shown, String allowed) {
        reading.findings().problem(new Given(at, what, "", shown), allowed);
    }
}
