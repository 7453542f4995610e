package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.JavaSdk.Understood;
import dev.martlet.app.OfficialSdks.Way;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The official SDKs of three providers work with nothing changed but their base URL, which becomes that of a service: they
/// understand what was recorded of the providers as they do without a gateway, and as the recording says.
@Timeout(300)
class ServiceSdkTest {
    /// Requests of a form that the SDK has no words for, answered with 400.
    private static final List<String> NOT_OF_THE_SDK = List.of("c1d40c440298", "f2e54a32929c");

    private List<RecordedExchange> exchanges = List.of();
    private FakeProvider provider;
    private ChannelStage stage;

    @BeforeEach
    void start() throws IOException {
        exchanges = RecordedExchange.all();
        provider = OfficialSdks.replaying(exchanges);
        stage = new ChannelStage();
    }

    @AfterEach
    void stop() {
        stage.close();
        provider.close();
    }

    @Test
    @DisplayName("OpenAI's SDK for Java")
    void openAiJava() throws IOException {
        List<RecordedExchange> asked = openAi();
        assertUnderstood(asked, OfficialSdks.java(asked, ways("openai", "/v1")));
    }

    @Test
    @DisplayName("OpenAI's SDK for Node")
    void openAiNode() throws IOException, InterruptedException {
        List<RecordedExchange> asked = openAi();
        assertUnderstood(asked, OfficialSdks.node(asked, ways("openai", "/v1")));
    }

    @Test
    @DisplayName("Anthropic's SDK for Java")
    void anthropicJava() throws IOException {
        List<RecordedExchange> asked = anthropic();
        Map<String, List<Understood>> understood = new HashMap<>();
        for (RecordedExchange exchange : asked) {
            List<Understood> answers = new ArrayList<>();
            for (Way way : ways("claude", "")) {
                answers.add(AnthropicJavaSdk.ask(exchange, way.base(), way.keyBegin() + exchange.id()));
            }
            understood.put(exchange.id(), answers);
        }
        assertUnderstood(asked, understood);
    }

    @Test
    @DisplayName("Anthropic's SDK for Node")
    void anthropicNode() throws IOException, InterruptedException {
        List<RecordedExchange> asked = anthropic();
        assertUnderstood(asked, OfficialSdks.node("anthropic.mjs", asked, ways("claude", "")));
    }

    @Test
    @DisplayName("Google's Gen AI SDK for Node")
    void googleNode() throws IOException, InterruptedException {
        List<RecordedExchange> asked =
                of(exchange -> exchange.provider().equals("gemini") && !NOT_OF_THE_SDK.contains(exchange.id()));
        assertUnderstood(asked, OfficialSdks.node("genai.mjs", asked, ways("gemini", "")));
    }

    private List<RecordedExchange> openAi() throws IOException {
        return OfficialSdks.exchanges().stream().filter(exchange -> exchange.provider().equals("openai")).toList();
    }

    private List<RecordedExchange> anthropic() {
        return of(exchange -> exchange.api().equals("anthropic.messages") && !exchange.request().isEmpty());
    }

    private List<RecordedExchange> of(Predicate<RecordedExchange> wanted) {
        List<String> known = List.of("gemini.generate", "gemini.stream", "anthropic.messages");
        return exchanges.stream().filter(exchange -> known.contains(exchange.api())).filter(wanted).toList();
    }

    /// Straight to the provider, and through the service.
    private List<Way> ways(String service, String path) {
        int port = stage.gateway(service(service), Map.of()).port();
        return Stream.concat(
                        Way.to(provider.port(), path).stream(), Way.to(port, "/gateway/" + service + path).stream())
                .toList();
    }

    private String service(String name) {
        return "services: {" + name + ": {host: \"http://127.0.0.1:" + provider.port() + "\"}}\n";
    }

    private static void assertUnderstood(List<RecordedExchange> asked, Map<String, List<Understood>> understood) {
        SortedMap<String, String> odd = new TreeMap<>();
        int events = 0;
        int tools = 0;
        for (RecordedExchange exchange : asked) {
            List<Understood> ways = understood.getOrDefault(exchange.id(), List.of());
            assertEquals(4, ways.size(), exchange.id());
            for (Understood way : ways) assertEquals(ways.getFirst(), way, "the gateway changes " + exchange.id());
            SortedMap<String, String> facts = ways.getFirst().facts();
            SortedMap<String, String> recorded = RecordedFacts.of(exchange);
            if (!facts.equals(recorded)) odd.put(exchange.id(), "\n  " + facts + "\n  " + recorded);
            if (facts.containsKey("events")) events++;
            if (facts.containsKey("tools")) tools++;
        }
        assertEquals(Map.of(), odd);
        assertTrue(events > 0 && tools > 0, events + " streams, " + tools + " with calls of tools");
    }
}
