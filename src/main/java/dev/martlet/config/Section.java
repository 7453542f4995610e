package dev.martlet.config;

import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/// A mapping of the file, by the keys that are asked for. A key that nobody asked for is one that we do not know.
final class Section {
    private final Reading reading;
    private final String file;
    private final String path;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Section> sections = new LinkedHashMap<>();
    private final SequencedSet<String> asked = new LinkedHashSet<>();

    private record Entry(Place place, Node value) {}

    private Section(Reading reading, String file, String path) {
        this.reading = reading;
        this.file = file;
        this.path = path;
    }

    static Section top(Reading reading, String file, Optional<Node> node) {
        Section top = new Section(reading, file, "");
        node.ifPresent(top::fill);
        return top;
    }

    /// The mapping under a key; an empty one when there is none.
    Section section(String key) {
        return sections.computeIfAbsent(
                key,
                _ -> {
                    Section section = new Section(reading, file, pathOf(key));
                    entry(key).ifPresent(entry -> section.fill(entry.value()));
                    return section;
                });
    }

    /// The single value under a key.
    <T> Setting<T> setting(String key, Kind<T> kind) {
        String at = pathOf(key);
        List<Given> texts = new ArrayList<>(1);
        entry(key).flatMap(entry -> scalar(at, entry.value(), kind)).ifPresent(texts::add);
        return new Setting<>(reading, at, new Offer<>(file, texts, kind));
    }

    /// The list under a key; what the count refuses is a problem.
    <T> Setting<T> list(String key, Kind<T> kind, Count count) {
        List<Given> texts = new ArrayList<>();
        entry(key)
                .filter(entry -> !isEmpty(entry.value()))
                .ifPresent(entry -> {
                    switch (entry.value()) {
                        case SequenceNode list when count.allows(list.getValue().size()) ->
                                texts.addAll(elements(pathOf(key), list, kind));
                        case Node other -> problem(pathOf(key), other, "a list of " + count.allowed());
                    }
                });
        return new Setting<>(reading, pathOf(key), new Offer<>(file, texts, kind));
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
        String meant = Spelling.nearest(key, asked).map(near -> "; did you mean " + near + "?").orElse("");
        return pathOf(Quote.ofKey(key)) + " is not a key" + meant + allowed;
    }

    private Optional<Entry> entry(String key) {
        asked.add(key);
        return Optional.ofNullable(entries.get(key));
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private void fill(Node node) {
        if (isEmpty(node)) return;
        if (node instanceof MappingNode mapping) mapping.getValue().forEach(this::add);
        else problem(path.isEmpty() ? "the file" : path, node, "keys, each with a colon behind it");
    }

    private void add(NodeTuple tuple) {
        Place place = place(tuple.getKeyNode());
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
            reading.findings().problem(place, "a key is " + shape(tuple.getKeyNode()) + "; allowed a word");
            return;
        }
        Entry first = entries.putIfAbsent(key.getValue(), new Entry(place, tuple.getValueNode()));
        if (first == null) return;
        String twice = " is written a second time; it stands in line " + first.place().line();
        reading.findings().problem(place, pathOf(Quote.ofKey(key.getValue())) + twice + " already");
    }

    private List<Given> elements(String at, SequenceNode list, Kind<?> kind) {
        List<Given> elements = new ArrayList<>();
        for (int i = 0; i < list.getValue().size(); i++) {
            scalar(at + "[" + i + "]", list.getValue().get(i), kind).ifPresent(elements::add);
        }
        return elements;
    }

    private Optional<Given> scalar(String at, Node node, Kind<?> kind) {
        if (node instanceof ScalarNode scalar && !isEmpty(node)) {
            return Substitution.fill(Given.written(place(node), at, scalar.getValue()), reading);
        }
        problem(at, node, kind.allowed());
        return Optional.empty();
    }

    private void problem(String at, Node node, String allowed) {
        reading.findings().problem(new Given(place(node), at, "", shape(node)), allowed);
    }

    private Place place(Node node) {
        return Place.of(file, node.getStartMark().getLine() + 1);
    }

    /// Nothing behind the colon, as when everything below it is commented out.
    private static boolean isEmpty(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static String shape(Node node) {
        return switch (node) {
            case SequenceNode list -> "a list of " + list.getValue().size();
            case MappingNode _ -> "a mapping";
            case ScalarNode scalar when !isEmpty(scalar) -> Quote.of(scalar.getValue());
            default -> "empty";
        };
    }
}
