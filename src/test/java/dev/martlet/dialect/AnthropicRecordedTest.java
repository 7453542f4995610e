package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Operation;
import dev.martlet.Operation.Kind;
import dev.martlet.Usage;
import dev.martlet.dialect.AnswerReading.Answered;
import dev.martlet.wire.JsonTree;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/// Recorded answers on their way through the hub and back, which loses nothing.
@DisplayName("What Anthropic answered")
class AnthropicRecordedTest {
    private static final Path CORPUS = Path.of("src/test/resources/corpus/exchanges.jsonl");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Anthropic ANTHROPIC = new Anthropic();

    private record Recording(String id, String api, boolean stream, int status, String response) {
        static Recording of(JsonNode node) {
            return new Recording(
                    node.path("id").asText(),
                    node.path("api").asText(),
                    node.path("stream").asBoolean(),
                    node.path("status").asInt(),
                    node.path("response").asText());
        }

        ObjectNode tree() {
            return (ObjectNode) JsonTree.read(response.getBytes(UTF_8)).orElseThrow();
        }

        List<Event> events() throws IOException, Garbled {
            SseReader reader = new SseReader(new ByteArrayInputStream(response.getBytes(UTF_8))::read);
            List<Event> events = new ArrayList<>();
            for (Optional<SseEvent> one = reader.next(); one.isPresent(); one = reader.next()) {
                Event.read(one.get()).ifPresent(events::add);
            }
            return events;
        }
    }

    @Test
    @DisplayName("comes back from the hub as it was, blocks and tokens included")
    void answersComeBack() throws IOException, Garbled {
        for (Recording one : recordings("anthropic.messages", false)) {
            ObjectNode answer = one.tree();
            ObjectNode before = answer.deepCopy();
            ObjectNode hub = ANTHROPIC.answerToHub(Kind.CHAT, answer, heading(answer));
            assertEquals(bare(before), bare(ANTHROPIC.answerFromHub(Kind.CHAT, hub, heading(answer))), one.id());
            assertEquals(before, answer, "the tree that came in was changed");
        }
    }

    @Test
    @DisplayName("is the same as a stream, there and back")
    void unfoldedAnswersComeBack() throws IOException, Garbled {
        for (Recording one : recordings("anthropic.messages", false)) {
            ObjectNode answer = one.tree();
            List<Event> events = ANTHROPIC.unfold(answer);
            assertEquals(answer, collected(events), one.id());
            assertEquals(bare(answer), bare(collected(through(way(answer), events))), one.id());
        }
    }

    @Test
    @DisplayName("event by event says what it says whole, and comes back from the hub as it was")
    void streamsComeBack() throws IOException, Garbled {
        for (Recording one : recordings("anthropic.messages", true)) {
            List<Event> events = one.events();
            ObjectNode answer = collected(events);
            assertEquals(bare(answer), bare(collected(through(way(answer), events))), one.id());
            assertEquals(answer, collected(ANTHROPIC.unfold(answer)), one.id());
            ObjectNode hub = ANTHROPIC.answerToHub(Kind.CHAT, answer, heading(answer));
            List<Event> chunks = through(ANTHROPIC.streamToHub(heading(answer)), events);
            assertEquals(said(hub), said(chunks), one.id());
            assertTrue(chunks.getLast().isDone(), one.id());
        }
    }

    @Test
    @DisplayName("without its last event never looks complete in any dialect (U-27)")
    void truncatedStreamsStayIncomplete() throws IOException, Garbled {
        for (Recording one : recordings("anthropic.messages", true)) {
            List<Event> begun = one.events();
            begun.removeLast();
            List<Event> chunks = through(ANTHROPIC.streamToHub(heading("m")), begun);
            assertTrue(chunks.stream().noneMatch(AnthropicRecordedTest::ends), one.id());
            List<Event> back = through(ANTHROPIC.streamFromHub(heading("m")), chunks);
            assertTrue(back.stream().noneMatch(event -> event.name().equals("message_stop")), one.id());
        }
    }

    @Test
    @DisplayName("could have been what others said: their answers and streams come back from there")
    void answersOfOthersComeBack() throws IOException, Garbled {
        for (Recording one : recordings("openai.chat", false)) {
            ObjectNode hub = one.tree();
            ObjectNode answer = ANTHROPIC.answerFromHub(Kind.CHAT, hub, heading("m"));
            String expected = said(hub).replace("\neos\n", "\nstop\n"); // Together's own word
            assertEquals(expected, said(ANTHROPIC.answerToHub(Kind.CHAT, answer, heading("m"))), one.id());
        }
        for (Recording one : recordings("openai.chat", true)) {
            List<Event> chunks = one.events();
            List<Event> events = through(ANTHROPIC.streamFromHub(heading("m")), chunks);
            if (chunks.stream().noneMatch(AnthropicRecordedTest::ends)) continue;
            assertEquals("message_stop", events.getLast().name(), one.id());
            assertEquals(said(chunks), said(through(ANTHROPIC.streamToHub(heading("m")), events)), one.id());
        }
    }

    @Test
    @DisplayName("counts the same tokens wherever they are counted")
    void tokensAreCountedOnce() throws IOException, Garbled {
        for (Recording one : recordings("anthropic.messages", false)) {
            Answered answered =
                    new Answered(
                            Dialect.ANTHROPIC,
                            new Operation(Kind.CHAT, "/messages"),
                            one.status(),
                            Fields.NONE,
                            one.response().getBytes(UTF_8),
                            true,
                            true);
            Usage counted = AnswerReading.of(answered, Instant.EPOCH).usage().orElseThrow();
            JsonNode usage = ANTHROPIC.answerToHub(Kind.CHAT, one.tree(), heading("m")).path("usage");
            assertEquals(counted.input(), usage.path("prompt_tokens").asLong(), one.id());
            assertEquals(counted.output(), usage.path("completion_tokens").asLong(), one.id());
        }
    }

    @Test
    @DisplayName("may be anything: it is translated, or called garbled")
    void mutants() throws IOException {
        Random random = new Random(7);
        List<Recording> all = new ArrayList<>();
        for (String api : List.of("anthropic.messages", "openai.chat")) {
            all.addAll(recordings(one -> one.api().equals(api) && one.response().length() < 20_000));
        }
        int garbled = 0;
        for (Recording one : all) {
            for (int i = 0; i < 20; i++) {
                if (!translates(one, random)) garbled++;
            }
        }
        assertTrue(garbled > 10, garbled + " are garbled");
    }

    /// Whether a mutant still makes sense; both ways are tried, whatever it is.
    private static boolean translates(Recording one, Random random) throws IOException {
        boolean sense = true;
        for (Idiomatic way : List.<Idiomatic>of(AnthropicRecordedTest::toHub, AnthropicRecordedTest::fromHub)) {
            try {
                way.translate(one, random);
            } catch (Garbled e) {
                sense = false;
            }
        }
        return sense;
    }

    private interface Idiomatic {
        void translate(Recording one, Random random) throws IOException, Garbled;
    }

    private static void toHub(Recording one, Random random) throws IOException, Garbled {
        if (!one.stream()) {
            ObjectNode mutant = (ObjectNode) mutant(tree(one), random);
            ANTHROPIC.errorToHub(500, mutant);
            ANTHROPIC.unfold(mutant);
            ANTHROPIC.answerToHub(Kind.CHAT, mutant, heading("m"));
            return;
        }
        List<Event> mutants = mutants(one.events(), random);
        through(ANTHROPIC.streamToHub(heading("m")), mutants);
        collected(mutants);
    }

    private static void fromHub(Recording one, Random random) throws IOException, Garbled {
        if (one.stream()) {
            through(ANTHROPIC.streamFromHub(heading("m")), mutants(one.events(), random));
            return;
        }
        ObjectNode mutant = (ObjectNode) mutant(tree(one), random);
        ANTHROPIC.errorFromHub(500, mutant);
        ANTHROPIC.answerFromHub(Kind.CHAT, mutant, heading("m"));
    }

    private static ObjectNode tree(Recording one) {
        return JsonTree.read(one.response().getBytes(UTF_8))
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseGet(JsonNodeFactory.instance::objectNode);
    }

    private static List<Event> mutants(List<Event> events, Random random) {
        List<Event> mutants = new ArrayList<>();
        for (Event event : events) {
            if (random.nextInt(20) == 0) continue;
            boolean kept = event.isDone() || random.nextInt(4) > 0;
            mutants.add(kept ? event : new Event(event.name(), (ObjectNode) mutant(event.data(), random)));
        }
        return mutants;
    }

    /// A tree in which some values are others; the outermost stays an object.
    private static JsonNode mutant(JsonNode original, Random random) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (original instanceof ObjectNode object) {
            ObjectNode mutant = nodes.objectNode();
            object.properties()
                    .forEach(member -> {
                        if (random.nextInt(40) > 0) mutant.set(member.getKey(), changed(member.getValue(), random));
                    });
            return mutant;
        }
        if (!(original instanceof ArrayNode array)) return original;
        ArrayNode mutant = nodes.arrayNode();
        array.forEach(element -> mutant.add(changed(element, random)));
        return mutant;
    }

    private static JsonNode changed(JsonNode original, Random random) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(120)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.textNode("");
            case 2 -> nodes.numberNode(-1);
            case 3 -> nodes.booleanNode(true);
            case 4 -> nodes.arrayNode().add(original);
            case 5 -> nodes.objectNode().set("type", original);
            case 6 -> nodes.objectNode();
            case 7 -> nodes.numberNode(Long.MAX_VALUE);
            default -> mutant(original, random);
        };
    }

    private static boolean ends(Event chunk) {
        if (chunk.isDone()) return true;
        for (JsonNode choice : chunk.data().path("choices")) {
            if (!choice.path("finish_reason").asText("").isEmpty()) return true;
        }
        return false;
    }

    private static Fold way(ObjectNode answer) {
        return ANTHROPIC.streamToHub(heading(answer)).then(ANTHROPIC.streamFromHub(heading(answer)));
    }

    private static List<Event> through(Fold fold, List<Event> events) throws Garbled {
        List<Event> out = new ArrayList<>();
        for (Event event : events) out.addAll(fold.next(event));
        out.addAll(fold.end());
        return out;
    }

    private static ObjectNode collected(List<Event> events) throws Garbled {
        Collect collect = ANTHROPIC.collect();
        for (Event event : events) collect.add(event);
        return collect.whole();
    }

    /// Without members that are `null`, which say the same as none.
    private static JsonNode bare(JsonNode tree) {
        JsonNode bare = tree.deepCopy();
        for (JsonNode object : bare.findParents("stop_details")) removeNull((ObjectNode) object, "stop_details");
        for (JsonNode object : bare.findParents("container")) removeNull((ObjectNode) object, "container");
        return bare;
    }

    private static void removeNull(ObjectNode object, String name) {
        if (object.path(name).isNull()) object.remove(name);
    }

    /// What counts of a chat of the hub: texts, calls, why it ended, tokens.
    private static String said(ObjectNode hub) {
        JsonNode choice = hub.path("choices").path(0);
        JsonNode message = choice.path("message");
        List<String> calls = new ArrayList<>();
        for (JsonNode call : message.path("tool_calls")) calls.add(call(call, call.path("function").path("arguments")));
        return said(
                HubText.said(message),
                HubText.thoughts(message),
                calls,
                choice.path("finish_reason"),
                hub.path("usage"));
    }

    private static String said(List<Event> chunks) {
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        List<JsonNode> begun = new ArrayList<>();
        List<StringBuilder> arguments = new ArrayList<>();
        JsonNode reason = JsonNodeFactory.instance.missingNode();
        JsonNode usage = JsonNodeFactory.instance.missingNode();
        for (Event chunk : chunks) {
            if (HubText.usage(chunk.data()).isObject()) usage = HubText.usage(chunk.data());
            JsonNode choice = chunk.data().path("choices").path(0);
            text.append(HubText.said(choice.path("delta")));
            thoughts.append(HubText.thoughts(choice.path("delta")));
            for (JsonNode call : choice.path("delta").path("tool_calls")) {
                if (!call.path("function").path("name").asText("").isEmpty()) {
                    begun.add(call);
                    arguments.add(new StringBuilder());
                }
                arguments.getLast().append(call.path("function").path("arguments").asText(""));
            }
            if (!choice.path("finish_reason").asText("").isEmpty()) reason = choice.path("finish_reason");
        }
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < begun.size(); i++) {
            calls.add(call(begun.get(i), JsonNodeFactory.instance.textNode(arguments.get(i).toString())));
        }
        return said(text.toString(), thoughts.toString(), calls, reason, usage);
    }

    private static String call(JsonNode call, JsonNode arguments) {
        return call.path("id").asText()
                + call.path("function").path("name").asText()
                + ToolInput.read(arguments.asText());
    }

    private static String said(String text, String thoughts, List<String> calls, JsonNode reason, JsonNode usage) {
        int input = usage.path("prompt_tokens").asInt();
        int cached = usage.path("prompt_tokens_details").path("cached_tokens").asInt();
        int output = usage.path("completion_tokens").asInt();
        int reasoning = usage.path("completion_tokens_details").path("reasoning_tokens").asInt();
        if (usage.path("total_tokens").asInt() == input + output + reasoning)
            output += reasoning; // xAI counts it apart
        String tokens = input + "/" + cached + "/" + output + "/" + reasoning;
        return String.join("\n", text, thoughts, calls.toString(), reason.asText(), tokens);
    }

    private static Heading heading(ObjectNode answer) {
        return heading(answer.path("model").asText());
    }

    private static Heading heading(String model) {
        return new Heading("id", 1, model, true);
    }

    private static List<Recording> recordings(String api, boolean stream) throws IOException {
        List<Recording> found =
                recordings(one -> one.status() == 200 && one.api().equals(api) && one.stream() == stream && says(one));
        assertTrue(found.size() >= 3, found.size() + " of " + api);
        return found;
    }

    private static boolean says(Recording one) {
        return one.stream() ? !one.response().contains("event: error") : one.response().contains("\"content\"");
    }

    private static List<Recording> recordings(Predicate<Recording> wanted) throws IOException {
        try (MappingIterator<JsonNode> lines = JSON.readerFor(JsonNode.class).readValues(CORPUS.toFile())) {
            return lines.readAll().stream().map(Recording::of).filter(wanted).toList();
        }
    }
}
