package dev.martlet.config;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What stands at one place of the file: a text, a list, a mapping, or nothing.
///
/// @param path for messages, as `channels[0].url`
record Value(Reading reading, String path, Node node) {

    /// Nothing behind the colon, as when everything below it is commented out.
    boolean isEmpty() {
        return node.getTag().equals(Tag.NULL);
    }

    boolean isText() {
        return node instanceof ScalarNode && !isEmpty();
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    Place place() {
        return Place.of(reading.file(), node.getStartMark().getLine() + 1);
    }

    /// The same under a path that says more.
    Value at(String otherPath) {
        return new Value(reading, otherPath, node);
    }

    /// The text that counts; anything else is a problem.
    Optional<Given> text(Kind<?> kind) {
        if (node instanceof ScalarNode scalar && isText()) {
            return Substitution.fill(Given.written(place(), path, scalar.getValue()), reading);
        }
        refuse(kind.allowed());
        return Optional.empty();
    }

    /// The texts at some places as the value of one key.
    static <T> Setting<T> setting(Reading reading, String path, Kind<T> kind, List<Value> values) {
        List<Given> texts = values.stream().flatMap(value -> value.text(kind).stream()).toList();
        return new Setting<>(reading, path, new Offer<>(reading.file(), texts, kind));
    }

    /// The text here as a value of its own.
    <T> Setting<T> setting(Kind<T> kind) {
        return setting(reading, path, kind, List.of(this));
    }

    /// The elements of a list; anything else is a problem, and so is a list that the count refuses.
    List<Value> elements(Count count) {
        if (isEmpty()) return List.of();
        if (node instanceof SequenceNode list && count.allows(list.getValue().size())) {
            return IntStream.range(0, list.getValue().size())
                    .mapToObj(i -> new Value(reading, path + "[" + i + "]", list.getValue().get(i)))
                    .toList();
        }
        refuse("a list of " + count.allowed());
        return List.of();
    }

    /// A mapping with one entry is what YAML makes of the text `name: value` without quotes: taken for that text.
    Value asLine() {
        if (!(node instanceof MappingNode mapping) || mapping.getValue().size() != 1) return this;
        NodeTuple entry = mapping.getValue().getFirst();
        if (!(entry.getKeyNode() instanceof ScalarNode name)) return this;
        if (!(entry.getValueNode() instanceof ScalarNode value) || value.getTag().equals(Tag.NULL)) return this;
        String line = name.getValue() + ": " + value.getValue();
        Node text = new ScalarNode(Tag.STR, line, node.getStartMark(), node.getEndMark(), ScalarStyle.PLAIN);
        return new Value(reading, path, text);
    }

    /// What is written under a key of a mapping, as far as it is a text.
    Optional<String> literal(String key) {
        if (!(node instanceof MappingNode mapping)) return Optional.empty();
        return mapping.getValue().stream()
                .filter(entry -> entry.getKeyNode() instanceof ScalarNode name && name.getValue().equals(key))
                .filter(entry -> entry.getValueNode() instanceof ScalarNode)
                .map(entry -> ((ScalarNode) entry.getValueNode()).getValue())
                .findFirst();
    }

    void refuse(String allowed) {
        reading.findings().problem(new Given(place(), path, "", shape()), allowed);
    }

    String shape() {
        return switch (node) {
            case SequenceNode list -> "a list of " + list.getValue().size();
            case MappingNode _ -> "a mapping";
            case ScalarNode scalar when isText() -> Quote.of(scalar.getValue());
            default -> "empty";
        };
    }

    /// Never the text: it may be a secret.
    @Override
    public String toString() {
        return path;
    }
}
