package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Fields;
import dev.martlet.app.FakeProvider.Request;
import dev.martlet.app.JavaSdk.Understood;
import dev.martlet.app.OfficialSdks.Way;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// OpenAI's official SDKs for Java and Node over channels that speak something else: what the provider is asked is
/// of its own format, and the SDKs understand its recorded answers and errors.
///
/// `golden/sdk` has for each dialect the conversations: the question; the recording that answers it, or an answer
/// written by hand where none was recorded; what is asked of the provider for it; and what the SDKs understand,
/// where `status` is that of the class of the error that is raised. `-Dgolden=write` rewrites the latter two. What
/// is `said` must reach who uses the SDK, in whichever place the SDK has for it: the ids of calls, signatures, the
/// provider's words for an error.
@Timeout(120)
class TranslatedSdkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CONVERSATIONS = Path.of("src/test/resources/golden/sdk");

    /// Both SDKs, and the answers whole and in pieces.
    private static final int WAYS = 4;

    private final List<Request> asked = new CopyOnWriteArrayList<>();
    private final ChannelStage stage = new ChannelStage();

    @AfterEach
    void stop() {
        stage.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "gemini"})
    @DisplayName("with the caller's own key")
    void callersKey(String dialect) throws IOException, InterruptedException {
        JsonNode conversations = conversations(dialect);
        List<RecordedExchange> exchanges = exchanges(conversations);
        Map<String, List<Understood>> understood = understood(exchanges, channel(dialect, "from-client", exchanges));
        JsonNode actual = conversations.deepCopy();
        for (JsonNode conversation : actual) {
            String name = conversation.path("name").asText();
            List<Request> requests = askedWith(name);
            assertEquals(WAYS, requests.size(), name);
            List<Understood> answers = understood.getOrDefault(name, List.of());
            assertEquals(WAYS, answers.size(), name);
            for (JsonNode part : conversation.path("said")) {
                for (Understood answer : answers) {
                    assertTrue(answer.everything().contains(part.asText()), () -> part + " " + answer.everything());
                }
            }
            for (Request request : requests) assertEquals(asked(requests.getFirst()), asked(request), name);
            ((ObjectNode) conversation).set("asked", asked(requests.getFirst()));
            ((ObjectNode) conversation).set("understood", JSON.valueToTree(facts(answers, name)));
        }
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(file(dialect), actual.toPrettyString() + "\n");
        } else {
            assertEquals(conversations.toPrettyString(), actual.toPrettyString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "anthropic, refused-key-401, x-api-key",
        "gemini, refused-key-400, x-goog-api-key",
        "gemini, no-key-401, x-goog-api-key"
    })
    @DisplayName("a key of the gateway's own that is refused is no error of the caller's")
    void ownKey(String dialect, String name, String field) throws IOException, InterruptedException {
        List<RecordedExchange> refused =
                exchanges(conversations(dialect)).stream().filter(one -> one.id().equals(name)).toList();
        String theProvidersWords = JSON.readTree(refused.getFirst().response()).at("/error/message").asText("-");
        String key = "sk-fake-recorded-own-" + name;
        int port = channel(dialect, "[" + key + "]", refused);
        List<Understood> answers = understood(refused, port).getOrDefault(name, List.of());
        assertEquals(WAYS, answers.size());
        for (Understood answer : answers) {
            assertEquals("502", answer.facts().get("status"), answer::everything);
            assertFalse(answer.everything().contains(theProvidersWords), answer::everything);
        }
        // The key is dead from the first answer on; the last candidate is asked all the same.
        assertTrue(!asked.isEmpty() && asked.size() <= WAYS, asked::toString);
        for (Request request : asked) assertEquals(List.of(key), request.head().fields().all(field));
    }

    /// @return its port
    private int channel(String dialect, String keys, List<RecordedExchange> exchanges) {
        Replay replay = new Replay(exchanges, false);
        FakeProvider provider =
                stage.playing(peer -> {
                    for (var request = peer.next(); request.isPresent(); request = peer.next()) {
                        asked.add(request.get());
                        replay.answer(peer, request.get());
                    }
                });
        String channel =
                "  - {name: one, dialect: %s, keys: %s, url: \"http://127.0.0.1:%d\"}\n"
                        .formatted(dialect, keys, provider.port());
        return stage.gateway(channel).port();
    }

    private static Map<String, List<Understood>> understood(List<RecordedExchange> exchanges, int port)
            throws IOException, InterruptedException {
        Map<String, List<Understood>> understood = OfficialSdks.java(exchanges, Way.to(port));
        Map<String, List<Understood>> byNode = OfficialSdks.node(exchanges, Way.to(port));
        understood.forEach((name, answers) -> answers.addAll(byNode.getOrDefault(name, List.of())));
        return understood;
    }

    /// The same whatever the SDK, and however its bytes come.
    private static Map<String, String> facts(List<Understood> answers, String name) {
        for (Understood answer : answers) assertEquals(facts(answers.getFirst()), facts(answer), name);
        return facts(answers.getFirst());
    }

    /// Without the number of events, and with one name for the ids that are made up where the provider has none.
    private static Map<String, String> facts(Understood answer) {
        Map<String, String> facts = new TreeMap<>(answer.facts());
        facts.remove("events");
        facts.computeIfPresent("id", (_, id) -> id.replaceFirst("^chatcmpl-[0-9a-f]{32}$", "chatcmpl-"));
        return facts;
    }

    private static JsonNode asked(Request request) throws IOException {
        Fields fields = request.head().fields();
        ObjectNode asked = JSON.createObjectNode();
        asked.put("path", request.head().target());
        for (String name : List.of("Authorization", "x-api-key", "x-goog-api-key", "anthropic-version")) {
            fields.first(name).ifPresent(value -> asked.put(name, value.replaceFirst("-(whole|pieces)-.*", "-")));
        }
        asked.set("body", JSON.readTree(request.body()));
        return asked;
    }

    /// The name ends the key, which stands where the dialect wants it.
    private List<Request> askedWith(String name) {
        return asked.stream()
                .filter(request ->
                        Stream.of("x-api-key", "x-goog-api-key")
                                .map(field -> request.head().fields().first(field).orElse(""))
                                .anyMatch(key -> key.endsWith("-whole-" + name) || key.endsWith("-pieces-" + name)))
                .toList();
    }

    private static JsonNode conversations(String dialect) throws IOException {
        return JSON.readTree(Files.readString(file(dialect)));
    }

    private static Path file(String dialect) {
        return CONVERSATIONS.resolve(dialect + ".json");
    }

    /// OpenAI's questions with the provider's answers.
    private static List<RecordedExchange> exchanges(JsonNode conversations) throws IOException {
        Map<String, RecordedExchange> recorded =
                RecordedExchange.all().stream().collect(Collectors.toMap(RecordedExchange::id, Function.identity()));
        List<RecordedExchange> exchanges = new ArrayList<>();
        for (JsonNode conversation : conversations) {
            RecordedExchange answer = recorded.get(conversation.path("recording").asText());
            JsonNode written = conversation.path("answer");
            JsonNode question = conversation.path("question");
            exchanges.add(
                    new RecordedExchange(
                            conversation.path("name").asText(),
                            "openai",
                            "openai.chat",
                            question.path("stream").asBoolean(),
                            "POST",
                            "/v1/chat/completions",
                            question.toString(),
                            answer == null ? written.path("status").asInt() : answer.status(),
                            answer == null ? written.path("contentType").asText() : answer.contentType(),
                            answer == null ? written.path("body").asText() : answer.response()));
        }
        return exchanges;
    }
}
