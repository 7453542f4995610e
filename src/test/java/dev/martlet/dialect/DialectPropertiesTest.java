package dev.martlet.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Recorded traffic, and what chance makes of it: documents with another thing where one was, and other bytes.
@Timeout(300)
@DisplayName("Translations of whatever comes")
class DialectPropertiesTest {
    private static final int MUTANTS_A_SEED = Integer.getInteger("martlet.mutants", 3);
    private static final int SEED_BYTES_MAX = 20_000;
    private static final String[] VALUES = {
        "null",
        "true",
        "-1",
        "\"#1e999999999#\"",
        "\"#-1e-99999999999#\"",
        "0.5",
        "99999999999999999999",
        "\"\"",
        "\"text\"",
        "\"data:image/png;base64,AA==\"",
        "\"{\\\"a\\\":1}\"",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "[{}]",
        "{\"type\":\"text\"}",
        "{\"a\":{\"b\":[1]}}"
    };

    @Test
    @DisplayName("keep their promises")
    void keepTheirPromises() {
        Random random = new Random(3);
        for (byte[] seed : DialectProperties.seeds()) {
            if (seed.length > SEED_BYTES_MAX) continue;
            check(seed, seed);
            for (int i = 0; i < MUTANTS_A_SEED; i++) {
                check(seed, i % 3 == 0 ? bytes(seed, random) : document(seed, random));
            }
        }
    }

    @Test
    @DisplayName("keep them for bytes that a reader of JSON may take for another form of Unicode")
    void keepThemForOtherUnicode() {
        byte[] document = {0, 0, 0, '{', 0, 0, 0, '"', 1, -1, 0, 0};
        for (DialectProperties.Task task : DialectProperties.Task.values()) {
            DialectProperties.check(task, Dialect.GEMINI, Dialect.OPENAI, document);
        }
    }

    private static void check(byte[] seed, byte[] mutant) {
        try {
            DialectProperties.fuzzerTestOneInput(mutant);
        } catch (RuntimeException | Error e) {
            String text = new String(mutant, 1, Math.min(mutant.length - 1, 4_000), UTF_8);
            throw new AssertionError("task " + seed[0] + ": " + text, e);
        }
    }

    private static byte[] bytes(byte[] seed, Random random) {
        byte[] octets = "{}[]\",:\\0-e\r\n \0\u00ff".getBytes(UTF_8);
        byte[] mutant = random.nextBoolean() ? Arrays.copyOf(seed, 1 + random.nextInt(seed.length)) : seed.clone();
        for (int i = random.nextInt(4); i > 0 && mutant.length > 1; i--) {
            mutant[1 + random.nextInt(mutant.length - 1)] = octets[random.nextInt(octets.length)];
        }
        return mutant;
    }

    /// The same document, or the same events, with some parts replaced, doubled or left out.
    private static byte[] document(byte[] seed, Random random) {
        String text = new String(seed, 1, seed.length - 1, UTF_8);
        String changed = text.startsWith("{") ? changed(text, random) : changedEvents(text, random);
        byte[] document = changed.getBytes(UTF_8);
        byte[] mutant = new byte[document.length + 1];
        mutant[0] = seed[0];
        System.arraycopy(document, 0, mutant, 1, document.length);
        return mutant;
    }

    private static String changedEvents(String stream, Random random) {
        List<String> events = new ArrayList<>(List.of(stream.split("(?<=\n\n|\r\n\r\n)")));
        int at = random.nextInt(events.size());
        switch (random.nextInt(4)) {
            case 0 -> events.remove(at);
            case 1 -> events.add(random.nextInt(events.size()), events.get(at));
            default -> {
                String event = events.get(at);
                int data = event.indexOf("data: {");
                if (data >= 0) {
                    String object = event.substring(data + 6).strip();
                    events.set(at, event.substring(0, data + 6) + changed(object, random) + "\n\n");
                }
            }
        }
        return String.join("", events);
    }

    private static String changed(String json, Random random) {
        Optional<JsonNode> tree = JsonTree.read(json.getBytes(UTF_8));
        if (tree.isEmpty() || !tree.get().isContainerNode()) return json;
        for (int i = 1 + random.nextInt(2); i > 0; i--) change(tree.get(), random);
        // Numbers that no tree holds are put in as text.
        return new String(JsonTree.write(tree.get()), UTF_8).replaceAll("\"#([^#\"]+)#\"", "$1");
    }

    private static void change(JsonNode tree, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        containers(tree, containers);
        JsonNode chosen = containers.get(random.nextInt(containers.size()));
        JsonNode value = value(containers, random);
        if (chosen instanceof ObjectNode object) change(object, value, random);
        else if (chosen instanceof ArrayNode list) change(list, value, random);
    }

    private static void change(ObjectNode object, JsonNode value, Random random) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) object.set("type", value);
        else if (random.nextInt(4) == 0) object.remove(names.get(random.nextInt(names.size())));
        else object.set(names.get(random.nextInt(names.size())), value);
    }

    private static void change(ArrayNode list, JsonNode value, Random random) {
        if (list.isEmpty() || random.nextInt(4) == 0) list.add(value);
        else if (random.nextInt(3) == 0) list.remove(random.nextInt(list.size()));
        else list.set(random.nextInt(list.size()), value);
    }

    private static void containers(JsonNode node, List<JsonNode> into) {
        if (node.isContainerNode()) into.add(node);
        node.forEach(one -> containers(one, into));
    }

    /// Something of another kind, or a part of the same document in a place where it does not belong.
    private static JsonNode value(List<JsonNode> containers, Random random) {
        if (random.nextInt(5) == 0) return containers.get(random.nextInt(containers.size())).deepCopy();
        String value = VALUES[random.nextInt(VALUES.length)];
        return JsonTree.read(value.getBytes(UTF_8)).orElse(JsonNodeFactory.instance.nullNode());
    }
}
