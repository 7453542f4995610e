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

/// Recorded answers of one dialect on their way through the hub and back, which loses nothing.
abstract class RecordedIdiom {
    private static final Path CORPUS = Path.of("src/test/resources/corpus/exchanges.jsonl");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Dialect dialect;
    private final Idiom idiom;
    private final String wholeApi;
    private final String streamApi;

    /// @param wholeApi  what recordings of whole answers are called
    /// @param streamApi what recordings of streams are called
    RecordedIdiom(Dialect dialect, String wholeApi, String streamApi) {
        this.dialect = dialect;
        this.idiom = Idiom.of(dialect);
        this.wholeApi = wholeApi;
        this.streamApi = streamApi;
    }

    /// What the provider called the model.
    abstract String model(ObjectNode answer);

    /// An answer without what may be written in more ways than one.
    abstract JsonNode bare(ObjectNode answer);

    /// Whether a stream of the dialect says with this event that it is at its end.
    abstract boolean isEnd(Event event);

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

        /// Gemini's streams are an array unless they are asked for as events.
        private List<Event> elements() {
            List<Event> events = new ArrayList<>();
            JsonTree.read(response.getBytes(UTF_8))
                    .ifPresent(array -> array.forEach(one -> events.add(Event.of((ObjectNode) one))));
            return events;
        }

        List<Event> events() throws IOException, Garbled {
            if (response.startsWith("[")) return elements();
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
        for (Recording one : recordings(wholeApi, false)) {
            ObjectNode answer = one.tree();
            ObjectNode before = answer.deepCopy();
            ObjectNode hub = idiom.answerToHub(Kind.CHAT, answer, heading(answer));
            assertEquals(bare(before), bare(idiom.answerFromHub(Kind.CHAT, hub, heading(answer))), one.id());
            assertEquals(before, answer, "the tree that came in was changed");
        }
    }

    @Test
    @DisplayName("is the same as a stream, there and back")
    void unfoldedAnswersComeBack() throws IOException, Garbled {
        for (Recording one : recordings(wholeApi, false)) {
            ObjectNode answer = one.tree();
            List<Event> events = idiom.unfold(answer);
            assertEquals(answer, collected(events), one.id());
            assertEquals(bare(answer), bare(collected(through(way(answer), events))), one.id());
        }
    }

    @Test
    @DisplayName("event by event says what it says whole, and comes back from the hub as it was")
    void streamsComeBack() throws IOException, Garbled {
        for (Recording one : recordings(streamApi, true)) {
            List<Event> events = one.events();
            ObjectNode answer = collected(events);
            assertEquals(bare(answer), bare(collected(through(way(answer), events))), one.id());
            assertEquals(answer, collected(idiom.unfold(answer)), one.id());
            ObjectNode hub = idiom.answerToHub(Kind.CHAT, answer, heading(answer));
            List<Event> chunks = through(idiom.streamToHub(heading(answer)), events);
            assertEquals(said(hub), said(chunks), one.id());
            assertTrue(chunks.getLast().isDone(), one.id());
        }
    }

    @Test
    @DisplayName("without its last event never looks complete in any dialect (U-27)")
    void truncatedStreamsStayIncomplete() throws IOException, Garbled {
        for (Recording one : recordings(streamApi, true)) {
            List<Event> begun = one.events();
            begun.removeLast();
            List<Event> chunks = through(idiom.streamToHub(heading("m")), begun);
            assertTrue(chunks.stream().noneMatch(RecordedIdiom::ends), one.id());
            List<Event> back = through(idiom.streamFromHub(heading("m")), chunks);
            assertTrue(back.stream().noneMatch(this::isEnd), one.id());
        }
    }

    @Test
    @DisplayName("could have been what others said: their answers and streams come back from there")
    void answersOfOthersComeBack() throws IOException, Garbled {
        for (Recording one : recordings("openai.chat", false)) {
            ObjectNode hub = one.tree();
            ObjectNode answer = idiom.answerFromHub(Kind.CHAT, hub, heading("m"));
            String expected = said(hub).replace("\neos\n", "\nstop\n"); // Together's own word
            assertEquals(expected, said(idiom.answerToHub(Kind.CHAT, answer, heading("m"))), one.id());
        }
        for (Recording one : recordings("openai.chat", true)) {
            List<Event> chunks = one.events();
            List<Event> events = through(idiom.streamFromHub(heading("m")), chunks);
            if (chunks.stream().noneMatch(RecordedIdiom::ends)) continue;
            assertTrue(isEnd(events.getLast()), one.id());
            assertEquals(said(chunks), said(through(idiom.streamToHub(heading("m")), events)), one.id());
        }
    }

    @Test
    @DisplayName("counts the same tokens wherever they are counted")
    void tokensAreCountedOnce() throws IOException, Garbled {
        for (Recording one : recordings(wholeApi, false)) {
            Answered answered =
                    new Answered(
                            dialect,
                            new Operation(Kind.CHAT, "/x"),
                            one.status(),
                            Fields.NONE,
                            one.response().getBytes(UTF_8),
                            true,
                            true);
            Usage counted = AnswerReading.of(answered, Instant.EPOCH).usage().orElseThrow();
            JsonNode usage = idiom.answerToHub(Kind.CHAT, one.tree(), heading("m")).path("usage");
            assertEquals(counted.input(), usage.path("prompt_tokens").asLong(), one.id());
            assertEquals(counted.output(), usage.path("completion_tokens").asLong(), one.id());
        }
    }

    @Test
    @DisplayName("may be anything: it is translated, or called garbled")
    void mutants() throws IOException {
        Random random = new Random(7);
        List<Recording> all = new ArrayList<>();
        for (String api : List.of(wholeApi, streamApi, "openai.chat")) {
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
    private boolean translates(Recording one, Random random) throws IOException {
        boolean sense = true;
        for (Idiomatic way : List.<Idiomatic>of(this::toHub, this::fromHub)) {
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

    private void toHub(Recording one, Random random) throws IOException, Garbled {
        if (!one.stream()) {
            ObjectNode mutant = (ObjectNode) mutant(tree(one), random);
            idiom.errorToHub(500, mutant);
            idiom.unfold(mutant);
            idiom.answerToHub(Kind.CHAT, mutant, heading("m"));
            return;
        }
        List<Event> mutants = mutants(one.events(), random);
        through(idiom.streamToHub(heading("m")), mutants);
        collected(mutants);
    }

    private void fromHub(Recording one, Random random) throws IOException, Garbled {
        if (one.stream()) {
            through(idiom.streamFromHub(heading("m")), mutants(one.events(), random));
            return;
        }
        ObjectNode mutant = (ObjectNode) mutant(tree(one), random);
        idiom.errorFromHub(500, mutant);
        idiom.answerFromHub(Kind.CHAT, mutant, heading("m"));
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

    private Fold way(ObjectNode answer) {
        return idiom.streamToHub(heading(answer)).then(idiom.streamFromHub(heading(answer)));
    }

    private static List<Event> through(Fold fold, List<Event> events) throws Garbled {
        List<Event> out = new ArrayList<>();
        for (Event event : events) out.addAll(fold.next(event));
        out.addAll(fold.end());
        return out;
    }

    private ObjectNode collected(List<Event> events) throws Garbled {
        Collect collect = idiom.collect();
        for (Event event : events) collect.add(event);
        return collect.whole();
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
            if (choice.path("index").asInt() > 0) continue; // Anthropic has one only
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
        int hit = usage.path("prompt_cache_hit_tokens").asInt(usage.path("num_cached_tokens").asInt());
        int others = Math.min(hit, input);
        int cached = usage.path("prompt_tokens_details").path("cached_tokens").asInt(others);
        int output = usage.path("completion_tokens").asInt();
        int reasoning = usage.path("completion_tokens_details").path("reasoning_tokens").asInt();
        if (usage.path("total_tokens").asInt() == input + output + reasoning)
            output += reasoning; // xAI counts it apart
        String tokens = input + "/" + cached + "/" + output + "/" + reasoning;
        boolean forced =
                !calls.isEmpty() && reason.asText().equals("stop"); // what OpenAI says of a call that had to be
        String why = forced ? "tool_calls" : reason.asText();
        return String.join("\n", text, thoughts, calls.toString(), why, tokens);
    }

    private Heading heading(ObjectNode answer) {
        return heading(model(answer));
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
        if (one.response().contains("\"function_call\":")) return false; // has no id that could come back
        return one.stream() ? !one.response().contains("\"error\":{") : one.response().contains("\"content\"");
    }

    private static List<Recording> recordings(Predicate<Recording> wanted) throws IOException {
        try (MappingIterator<JsonNode> lines = JSON.readerFor(JsonNode.class).readValues(CORPUS.toFile())) {
            return lines.readAll().stream().map(Recording::of).filter(wanted).toList();
        }
    }
}
