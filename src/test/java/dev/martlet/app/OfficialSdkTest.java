package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.FakeProvider.Request;
import dev.martlet.app.JavaSdk.Understood;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The official OpenAI SDKs for Java and Node work through the gateway with nothing changed but their base URL: they make
/// the recorded exchanges again, of OpenAI and of providers that speak like it, and understand the answers as they would
/// without a gateway, and as the recording says.
@Timeout(300)
class OfficialSdkTest {
    private static final int EXCHANGES_MIN = 210;
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Recordings that no SDK could have made or reads anything from, and what they are.
    private static final Map<String, String> FOREIGN =
            Map.ofEntries(
                    entry("b8d4908446bb", "OpenAI's report of usage to an administrator"),
                    entry("e1a7cf733373", "OpenAI's report of usage to an administrator"),
                    entry("c003a888c7ff", "OpenAI's report of usage to an administrator"),
                    entry("40126f96058e", "Vertex' own list of models"),
                    entry("842954aa8272", "Vertex' own list of models"),
                    entry("3237123c63a5", "GPUStack's own list of models"),
                    entry("fe59462e7226", "GPUStack's own list of models"),
                    entry("82476b646496", "GPUStack's own list of models"),
                    entry("1388249976d4", "a stream of which the recorder kept nothing"),
                    entry("5e03e5d93801", "a stream of which the recorder kept nothing"),
                    entry("08f47f471cc3", "a stream of which the recorder kept nothing"),
                    entry("774a145acce1", "a request that is no JSON: no SDK sends it"),
                    entry("9c02d30fd26c", "an error with status 200: nothing in it that the SDKs' types name"));

    /// Recordings that the SDK for Java does not read as they are, and why.
    private static final Map<String, String> NOT_FOR_JAVA =
            Map.of("49f44b7a30cd", "Mistral's error is not inside an `error`, where the SDK looks for its code");

    /// Recordings that the SDK for Node does not read as they are, and why.
    private static final Map<String, String> NOT_FOR_NODE = Map.of();

    @Test
    @DisplayName("the SDK for Java understands the recorded answers, with the gateway as without")
    void javaUnderstands() throws IOException {
        List<RecordedExchange> exchanges = exchanges();
        try (FakeProvider provider = replaying(exchanges);
                Stage stage = new Stage(provider, Stage.LONG);
                JavaSdk sdk = new JavaSdk()) {
            Map<String, List<Understood>> understood = new HashMap<>();
            for (RecordedExchange exchange : exchanges) {
                List<Understood> ways = new ArrayList<>();
                for (String base : bases(provider, stage)) ways.add(sdk.ask(exchange, base + exchange.id()));
                understood.put(exchange.id(), ways);
            }
            assertUnderstood(exchanges, understood, NOT_FOR_JAVA);
        }
    }

    @Test
    @DisplayName("the SDK for Node understands the recorded answers, with the gateway as without")
    void nodeUnderstands() throws IOException, InterruptedException {
        Path clients = Path.of("src/test/clients");
        assumeTrue(Files.isDirectory(clients.resolve("node_modules")), "needs: npm ci --prefix src/test/clients");
        List<RecordedExchange> exchanges = exchanges();
        try (FakeProvider provider = replaying(exchanges);
                Stage stage = new Stage(provider, Stage.LONG)) {
            List<String> command = new ArrayList<>(List.of("node", "openai.mjs"));
            command.addAll(bases(provider, stage));
            Process node = new ProcessBuilder(command).directory(clients.toFile()).redirectErrorStream(true).start();
            try (OutputStream questions = node.getOutputStream()) {
                for (RecordedExchange exchange : exchanges) questions.write(question(exchange));
            }
            Map<String, List<Understood>> understood = new HashMap<>();
            try (BufferedReader said = node.inputReader(StandardCharsets.UTF_8)) {
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    assertTrue(line.startsWith("{"), line);
                    JsonNode answer = JSON.readTree(line);
                    understood
                            .computeIfAbsent(answer.get("id").asText(), _ -> new ArrayList<>())
                            .add(
                                    new Understood(
                                            JSON.convertValue(
                                                    answer.get("facts"),
                                                    new TypeReference<TreeMap<String, String>>() {}),
                                            answer.get("everything").asText()));
                }
            }
            assertEquals(0, node.waitFor());
            assertUnderstood(exchanges, understood, NOT_FOR_NODE);
        }
    }

    private static List<RecordedExchange> exchanges() throws IOException {
        return RecordedExchange.all().stream()
                .filter(exchange -> exchange.api().startsWith("openai."))
                .filter(exchange -> !FOREIGN.containsKey(exchange.id()))
                .toList();
    }

    /// Answers as recorded; the path says which exchange it is and whether its answer comes whole or in pieces.
    private static FakeProvider replaying(List<RecordedExchange> exchanges) {
        Map<String, RecordedExchange> byId =
                exchanges.stream().collect(Collectors.toMap(RecordedExchange::id, Function.identity()));
        return new FakeProvider(peer -> {
            for (Optional<Request> next = peer.next(); next.isPresent(); next = peer.next()) {
                String[] path = next.get().head().target().split("/", 4);
                RecordedExchange exchange = byId.get(path[2]);
                if (exchange == null) throw new IOException("no recording " + path[2]);
                if (path[1].equals("whole")) exchange.playWhole(peer);
                else exchange.playInChunks(peer, new Random());
            }
        });
    }

    /// Straight to the provider, and through the gateway.
    private static List<String> bases(FakeProvider provider, Stage stage) {
        List<String> bases = new ArrayList<>();
        for (int port : new int[] {provider.port(), stage.port()}) {
            for (String cut : List.of("whole", "pieces")) bases.add("http://127.0.0.1:" + port + "/" + cut + "/");
        }
        return bases;
    }

    private static byte[] question(RecordedExchange exchange) throws IOException {
        Map<String, Object> question =
                Map.of(
                        "id", exchange.id(),
                        "operation", SdkOperation.of(exchange).name(),
                        "stream", exchange.stream(),
                        "request", exchange.request());
        return (JSON.writeValueAsString(question) + "\n").getBytes(StandardCharsets.UTF_8);
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
