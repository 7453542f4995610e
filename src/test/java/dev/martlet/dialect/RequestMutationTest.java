package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Operation.Kind;
import dev.martlet.Refused;
import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/// The requests of the goldens with something in them changed at random.
@DisplayName("A request of any shape")
class RequestMutationTest {
    private static final Path REQUESTS = Path.of("src/test/resources/golden/request");
    private static final int MUTANTS = 150;
    private static final int CHANGES_MAX = 4;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<JsonNode> VALUES =
            List.of(
                    NODES.nullNode(),
                    NODES.booleanNode(true),
                    NODES.booleanNode(false),
                    NODES.numberNode(0),
                    NODES.numberNode(-1),
                    NODES.numberNode(new BigDecimal("1e400")),
                    NODES.numberNode(BigInteger.TEN.pow(40)),
                    NODES.numberNode(new BigDecimal("0.30")),
                    NODES.textNode(""),
                    NODES.textNode("data:,"),
                    NODES.textNode("data:image/png;base64"),
                    NODES.textNode("data:text/plain;base64,?"),
                    NODES.textNode("https://example.com/a.b?c#d"),
                    NODES.textNode("[0]."),
                    NODES.textNode("tool"),
                    NODES.arrayNode(),
                    NODES.arrayNode().addNull(),
                    NODES.arrayNode().add("text").add(1),
                    NODES.arrayNode().add(NODES.objectNode()),
                    NODES.objectNode(),
                    NODES.objectNode().put("type", "text"),
                    NODES.objectNode().put("type", 1),
                    NODES.objectNode().putNull("role"));

    static Stream<Path> requests() throws IOException {
        try (Stream<Path> files = Files.list(REQUESTS)) {
            return files.filter(file -> !file.toString().contains(".to-")).sorted().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void isTranslatedOrRefused(Path file) throws IOException {
        Dialect from = dialect(file);
        Kind kind = file.getFileName().toString().startsWith("embeddings") ? Kind.EMBEDDINGS : Kind.CHAT;
        ObjectNode whole = (ObjectNode) JsonTree.read(Files.readAllBytes(file)).orElseThrow();
        Random random = new Random(file.getFileName().toString().hashCode());
        for (int i = 0; i < MUTANTS; i++) {
            ObjectNode mutant = whole.deepCopy();
            for (int change = random.nextInt(CHANGES_MAX); change >= 0; change--) change(mutant, random);
            for (Dialect to : List.of(Dialect.OPENAI, Dialect.ANTHROPIC, Dialect.GEMINI))
                translate(kind, mutant, from, to);
        }
    }

    private static Dialect dialect(Path file) {
        String[] words = file.getFileName().toString().split("\\.", -1);
        return Dialect.valueOf(words[words.length - 2].toUpperCase(Locale.ROOT));
    }

    private static void translate(Kind kind, ObjectNode mutant, Dialect from, Dialect to) {
        ObjectNode before = mutant.deepCopy();
        try {
            byte[] body = Translation.between(from, to).request(kind, mutant, "model", false).body();
            assertTrue(JsonTree.read(body).isPresent(), () -> "no JSON for " + to + " out of " + mutant);
        } catch (Refused refused) {
            assertEquals(400, refused.why().status());
        } catch (RuntimeException e) {
            throw new AssertionError("to " + to + ": " + mutant, e);
        }
        assertEquals(before, mutant);
    }

    private static void change(ObjectNode tree, Random random) {
        List<JsonNode> holders = new ArrayList<>();
        collect(tree, holders);
        JsonNode holder = holders.get(random.nextInt(holders.size()));
        JsonNode value = VALUES.get(random.nextInt(VALUES.size())).deepCopy();
        boolean removes = random.nextInt(4) == 0;
        if (holder instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (removes) object.remove(name);
            else object.set(name, value);
        } else if (holder instanceof ArrayNode array && !array.isEmpty()) {
            int at = random.nextInt(array.size());
            if (removes) array.remove(at);
            else array.set(at, value);
        }
    }

    private static void collect(JsonNode node, List<JsonNode> holders) {
        if (node.isContainerNode()) holders.add(node);
        for (JsonNode child : node) collect(child, holders);
    }
}
