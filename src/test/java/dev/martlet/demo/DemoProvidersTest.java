package dev.martlet.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.Fields;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Malformed;
import dev.martlet.wire.Source;
import dev.martlet.wire.Truncated;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

@DisplayName("The demo's providers")
class DemoProvidersTest {
    private static final Http1.Limits LIMITS = new Http1.Limits(64 << 10, 100, 4 << 10, 1 << 20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DemoProviders providers = DemoProviders.atOnce();

    private record Answer(int status, Fields fields, String content) {
        JsonNode json() throws IOException {
            return JSON.readTree(content);
        }

        /// What stands behind `data:`, event by event.
        List<String> events() {
            return content.lines().filter(line -> line.startsWith("data: ")).map(line -> line.substring(6)).toList();
        }
    }

    @AfterEach
    void close() {
        providers.close();
    }

    @Test
    void listModelsInEachFormat() throws IOException {
        assertEquals("demo-large", get(providers.steady(), "/v1/models").json().at("/data/0/id").asText());
        assertEquals("demo-sonnet", get(providers.anthropic(), "/v1/models").json().at("/data/0/id").asText());
        JsonNode gemini = get(providers.gemini(), "/v1beta/models?pageSize=50").json();
        assertEquals("models/demo-pro", gemini.at("/models/0/name").asText());
    }

    @Test
    @DisplayName("stream what they say whole: OpenAI, with usage and [DONE]")
    void openAiStreamsWhatItSaysWhole() throws IOException {
        String question = "\"messages\":[{\"role\":\"user\",\"content\":\"What do swallows eat?\"}]";
        JsonNode whole = post(providers.steady(), "/v1/chat/completions", "{" + question + "}").json();
        String asked = "{\"stream\":true,\"stream_options\":{\"include_usage\":true}," + question + "}";
        Answer streamed = post(providers.steady(), "/v1/chat/completions", asked);

        assertEquals("text/event-stream", streamed.fields().first("Content-Type").orElse(""));
        List<String> events = streamed.events();
        assertEquals("[DONE]", events.getLast());
        List<JsonNode> chunks = trees(events.subList(0, events.size() - 1));
        String text = chunks.stream().map(chunk -> chunk.at("/choices/0/delta/content").asText()).collect(joining());
        assertEquals(whole.at("/choices/0/message/content").asText(), text);
        assertTrue(text.contains("swallows"), text);
        assertEquals(whole.path("usage"), chunks.getLast().path("usage"));
        assertEquals("stop", chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText());
    }

    @Test
    @DisplayName("stream what they say whole: Anthropic, its events in their order")
    void anthropicStreamsWhatItSaysWhole() throws IOException {
        String question =
                "\"max_tokens\":500,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Why?\"}]}]";
        JsonNode whole = post(providers.anthropic(), "/v1/messages", "{" + question + "}").json();
        Answer streamed = post(providers.anthropic(), "/v1/messages", "{\"stream\":true," + question + "}");

        List<JsonNode> events = trees(streamed.events());
        String text = events.stream().map(event -> event.at("/delta/text").asText()).collect(joining());
        assertEquals(whole.at("/content/0/text").asText(), text);
        assertEquals(
                List.of(
                        "message_start",
                        "content_block_start",
                        "ping",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop"),
                events.stream().map(event -> event.path("type").asText()).distinct().toList());
        assertEquals(whole.at("/usage/output_tokens"), events.get(events.size() - 2).at("/usage/output_tokens"));
    }

    @Test
    @DisplayName("stream what they say whole: Gemini, as events and as a JSON array")
    void geminiStreamsWhatItSaysWhole() throws IOException {
        String question = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"How high?\"}]}]}";
        String model = "/v1beta/models/demo-flash:";
        JsonNode whole = post(providers.gemini(), model + "generateContent", question).json();
        String expected = whole.at("/candidates/0/content/parts/0/text").asText();
        List<JsonNode> events =
                trees(post(providers.gemini(), model + "streamGenerateContent?alt=sse", question).events());
        List<JsonNode> array = new ArrayList<>();
        post(providers.gemini(), model + "streamGenerateContent", question).json().forEach(array::add);

        assertEquals(events, array);
        String text =
                array.stream().map(piece -> piece.at("/candidates/0/content/parts/0/text").asText()).collect(joining());
        assertEquals(expected, text);
        assertEquals(whole.path("usageMetadata"), array.getLast().path("usageMetadata"));
    }

    @Test
    void stopWhereTheCallerSaysSo() throws IOException {
        String body = "{\"max_tokens\":3,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
        JsonNode answer = post(providers.steady(), "/v1/chat/completions", body).json();
        assertEquals("length", answer.at("/choices/0/finish_reason").asText());
        assertEquals(3, answer.at("/usage/completion_tokens").asInt());
    }

    @Test
    void answerDifferentQuestionsDifferently() throws IOException {
        assertEquals(said("the sea"), said("the sea"));
        assertNotEquals(said("the sea"), said("the mountains"));
    }

    @Test
    void refuseWhatTheyDoNotUnderstandAsTheirFormatDoes() throws IOException {
        Answer broken = post(providers.steady(), "/v1/chat/completions", "{\"messages\":");
        assertEquals(400, broken.status());
        assertEquals("invalid_request_error", broken.json().at("/error/type").asText());
        Answer empty = post(providers.anthropic(), "/v1/messages", "{\"max_tokens\":1}");
        assertEquals("error", empty.json().path("type").asText());
        assertEquals("NOT_FOUND", get(providers.gemini(), "/v1/nothing").json().at("/error/status").asText());
    }

    @Test
    @DisplayName("fail every third call when moody, in three ways by turns")
    void moodyFailsEveryThirdCall() throws IOException {
        assertEquals(List.of("200", "200", "503"), three());
        assertEquals(List.of("200", "200", "half"), three());
        assertEquals(List.of("200", "200", "nonsense"), three());
        assertEquals(List.of("200", "200", "503"), three());
    }

    @RepeatedTest(50)
    void areGoneOnceClosed() {
        URI address = providers.steady();
        providers.close();
        assertThrows(SocketException.class, () -> get(address, "/v1/models"));
    }

    private List<String> three() throws IOException {
        List<String> turns = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try {
                turns.add(String.valueOf(get(providers.moody(), "/v1/models").status()));
            } catch (Truncated e) {
                turns.add("half");
            } catch (Malformed e) {
                turns.add("nonsense");
            }
        }
        return turns;
    }

    private String said(String question) throws IOException {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]}";
        Answer answer = post(providers.steady(), "/v1/chat/completions", body);
        assertFalse(answer.content().isEmpty());
        return answer.json().at("/choices/0/message/content").asText();
    }

    private static List<JsonNode> trees(List<String> documents) throws IOException {
        List<JsonNode> trees = new ArrayList<>();
        for (String document : documents) trees.add(JSON.readTree(document));
        return trees;
    }

    private static Answer get(URI provider, String target) throws IOException {
        return ask(provider, "GET", target, "");
    }

    private static Answer post(URI provider, String target, String body) throws IOException {
        return ask(provider, "POST", target, body);
    }

    private static Answer ask(URI provider, String method, String target, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), provider.getPort())) {
            socket.setSoTimeout(15_000);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            Fields fields = Fields.of("Host", "demo", "Content-Length", String.valueOf(bytes.length));
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(Http1.head(method, target, fields));
            request.writeBytes(bytes);
            request.writeTo(socket.getOutputStream());
            Source source = new Source((into, from, length) -> socket.getInputStream().read(into, from, length));
            Http1.ResponseHead head = Http1.readResponse(source, LIMITS).orElseThrow();
            try (InputStream content = Http1.body(source, head.framing(method), LIMITS, 1 << 20)) {
                String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
                return new Answer(head.status(), head.fields(), text);
            }
        }
    }
}
