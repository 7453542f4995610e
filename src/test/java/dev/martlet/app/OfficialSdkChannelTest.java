package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.JavaSdk.Understood;
import dev.martlet.app.OfficialSdks.Way;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The official OpenAI SDKs for Java and Node work over a channel: they understand what they would if the provider itself
/// were asked, and called the model as the caller does.
@Timeout(300)
class OfficialSdkChannelTest {
    private static final int EXCHANGES_MIN = 150;

    /// What is not asked over a channel: responses are another surface's, and a single model is looked up in the lists.
    private static final Set<SdkOperation> ELSEWHERE = EnumSet.of(SdkOperation.RESPONSES, SdkOperation.MODEL);

    /// Recordings that are understood in another way, and why.
    private static final Map<String, String> OF_OURS =
            Map.of(
                    "000b83ead67a", "a stream that has no end of its format: it could have been cut",
                    "eb80e8446e00", "a count of tokens that the caller has not asked for: it is left out",
                    "d7f308d5a842", "a page for people: its status is told, and not its text",
                    "ec13e68e31f8", "a provider without a list of models: the gateway's is empty");

    @Test
    @DisplayName("the SDK for Java understands the recorded answers over a channel")
    void javaUnderstands() throws IOException {
        List<RecordedExchange> exchanges = exchanges();
        try (FakeProvider provider = OfficialSdks.replaying(exchanges);
                Gateway gateway = gateway(provider)) {
            assertUnderstood(exchanges, OfficialSdks.java(exchanges, ways(provider, gateway)));
        }
    }

    @Test
    @DisplayName("the SDK for Node understands the recorded answers over a channel")
    void nodeUnderstands() throws IOException, InterruptedException {
        List<RecordedExchange> exchanges = exchanges();
        try (FakeProvider provider = OfficialSdks.replaying(exchanges);
                Gateway gateway = gateway(provider)) {
            assertUnderstood(exchanges, OfficialSdks.node(exchanges, ways(provider, gateway)));
        }
    }

    private static List<RecordedExchange> exchanges() throws IOException {
        return OfficialSdks.exchanges().stream()
                .filter(exchange -> !ELSEWHERE.contains(SdkOperation.of(exchange)))
                .filter(exchange -> exchange.model().isPresent() || exchange.method().equals("GET"))
                .toList();
    }

    /// The caller's key reaches the provider, as the recordings are chosen by it.
    private static Gateway gateway(FakeProvider provider) {
        String yaml =
                "channels: [{name: one, keys: from-client, url: \"http://127.0.0.1:" + provider.port() + "/v1\"}]";
        return YamlGateway.start(yaml, Map.of(), OutputStream.nullOutputStream());
    }

    private static List<Way> ways(FakeProvider provider, Gateway gateway) {
        return Stream.concat(Way.toNamed(provider.port()).stream(), Way.to(gateway.port()).stream()).toList();
    }

    private static void assertUnderstood(List<RecordedExchange> exchanges, Map<String, List<Understood>> understood) {
        SortedMap<String, String> odd = new TreeMap<>();
        for (RecordedExchange exchange : exchanges) {
            List<Understood> ways = understood.getOrDefault(exchange.id(), List.of());
            assertEquals(4, ways.size(), exchange.id());
            Object expected = compared(exchange, ways.getFirst());
            for (Understood way : ways.subList(2, 4)) {
                Object got = compared(exchange, way);
                if (!expected.equals(got)) odd.put(exchange.id(), expected + "\n  " + got);
            }
        }
        assertEquals(OF_OURS.keySet(), odd.keySet(), () -> String.join("\n", odd.values()));
        assertTrue(exchanges.size() >= EXCHANGES_MIN, "only " + exchanges.size());
    }

    /// All of an answer; only the status where another channel could have been asked, and so the words are the gateway's,
    /// and only the names where a list is.
    private static Object compared(RecordedExchange exchange, Understood answer) {
        if (SdkOperation.of(exchange) == SdkOperation.MODELS) return answer.facts();
        String status = answer.facts().getOrDefault("status", "");
        return switch (exchange.status()) {
            case 404, 429 -> status;
            case 500 -> status.replace("500", "502");
            default -> answer;
        };
    }
}
