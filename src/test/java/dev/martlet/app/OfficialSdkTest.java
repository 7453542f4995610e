package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.app.JavaSdk.Understood;
import dev.martlet.app.OfficialSdks.Way;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The official OpenAI SDKs for Java and Node work through the gateway with nothing changed but their base URL: they make
/// the recorded exchanges again, of OpenAI and of providers that speak like it, and understand the answers as they would
/// without a gateway, and as the recording says.
@Timeout(300)
class OfficialSdkTest {
    private static final int EXCHANGES_MIN = 210;

    /// Recordings that the SDK for Java does not read as they are, and why.
    private static final Map<String, String> NOT_FOR_JAVA =
            Map.of("49f44b7a30cd", "Mistral's error is not inside an `error`, where the SDK looks for its code");

    /// Recordings that the SDK for Node does not read as they are, and why.
    private static final Map<String, String> NOT_FOR_NODE =
            Map.of("5774eeef2b0d", "Perplexity says all of it again beside each delta, and the client reads that");

    @Test
    @DisplayName("the SDK for Java understands the recorded answers, with the gateway as without")
    void javaUnderstands() throws IOException {
        List<RecordedExchange> exchanges = OfficialSdks.exchanges();
        try (FakeProvider provider = OfficialSdks.replaying(exchanges);
                Stage stage = new Stage(provider, Stage.LONG)) {
            assertUnderstood(exchanges, OfficialSdks.java(exchanges, ways(provider, stage)), NOT_FOR_JAVA);
        }
    }

    @Test
    @DisplayName("the SDK for Node understands the recorded answers, with the gateway as without")
    void nodeUnderstands() throws IOException, InterruptedException {
        List<RecordedExchange> exchanges = OfficialSdks.exchanges();
        try (FakeProvider provider = OfficialSdks.replaying(exchanges);
                Stage stage = new Stage(provider, Stage.LONG)) {
            assertUnderstood(exchanges, OfficialSdks.node(exchanges, ways(provider, stage)), NOT_FOR_NODE);
        }
    }

    /// Straight to the provider, and through the gateway.
    private static List<Way> ways(FakeProvider provider, Stage stage) {
        return Stream.concat(Way.to(provider.port()).stream(), Way.to(stage.port()).stream()).toList();
    }

    private static void assertUnderstood(
            List<RecordedExchange> exchanges, Map<String, List<Understood>> understood, Map<String, String> excluded) {
        SortedMap<String, String> odd = new TreeMap<>();
        int asRecorded = 0;
        for (RecordedExchange exchange : exchanges) {
            List<Understood> ways = understood.getOrDefault(exchange.id(), List.of());
            assertEquals(4, ways.size(), exchange.id());
            for (Understood way : ways) assertEquals(ways.getFirst(), way, "the gateway changes " + exchange.id());
            SortedMap<String, String> facts = ways.getFirst().facts();
            SortedMap<String, String> recorded = RecordedFacts.of(exchange);
            if (facts.equals(recorded) && !recorded.isEmpty()) asRecorded++;
            else
                odd.put(
                        exchange.id(),
                        exchange.provider() + " " + exchange.path() + "\n  " + facts + "\n  " + recorded);
        }
        assertEquals(excluded.keySet(), odd.keySet(), () -> String.join("\n", odd.values()));
        assertTrue(asRecorded >= EXCHANGES_MIN, "only " + asRecorded);
    }
}
