package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.Map.entry;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.app.JavaSdk.Understood;

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
import java.util.TreeMap;

/// Has the official SDKs make the recorded exchanges again, in several ways, with a provider that answers as recorded.
final class OfficialSdks {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path NODE = Path.of("src/test/clients");

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

    /// Where an SDK asks, and with which key; the key tells the provider which recording it is to play, and how.
    record Way(String base, String keyBegin) {
        /// Straight to a provider or through a gateway: the answer whole, and in pieces.
        static List<Way> to(int port) {
            return to(port, "/v1");
        }

        /// The same, for SDKs that are given another path.
        static List<Way> to(int port, String path) {
            return ways("http://127.0.0.1:" + port + path, "sk-fake-recorded-");
        }

        /// The same, with the model called in the answer what it was called in the question.
        static List<Way> toNamed(int port) {
            return ways("http://127.0.0.1:" + port + "/v1", "sk-fake-named-");
        }

        private static List<Way> ways(String base, String keyBegin) {
            return List.of(new Way(base, keyBegin + "whole-"), new Way(base, keyBegin + "pieces-"));
        }
    }

    private OfficialSdks() {}

    static List<RecordedExchange> exchanges() throws IOException {
        return RecordedExchange.all().stream()
                .filter(exchange -> exchange.api().startsWith("openai."))
                .filter(exchange -> !FOREIGN.containsKey(exchange.id()))
                .toList();
    }

    static FakeProvider replaying(List<RecordedExchange> exchanges) {
        return new FakeProvider(new Replay(exchanges, false));
    }

    /// What the SDK for Java understands, by exchange, in the order of the ways.
    static Map<String, List<Understood>> java(List<RecordedExchange> exchanges, List<Way> ways) {
        Map<String, List<Understood>> understood = new HashMap<>();
        try (JavaSdk sdk = new JavaSdk()) {
            for (RecordedExchange exchange : exchanges) {
                List<Understood> answers = new ArrayList<>();
                for (Way way : ways) answers.add(sdk.ask(exchange, way.base(), way.keyBegin() + exchange.id()));
                understood.put(exchange.id(), answers);
            }
        }
        return understood;
    }

    /// What OpenAI's SDK for Node understands, likewise.
    static Map<String, List<Understood>> node(List<RecordedExchange> exchanges, List<Way> ways)
            throws IOException, InterruptedException {
        return node("openai.mjs", exchanges, ways);
    }

    /// What another SDK for Node understands.
    ///
    /// @param program the client in `src/test/clients`
    static Map<String, List<Understood>> node(String program, List<RecordedExchange> exchanges, List<Way> ways)
            throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(NODE.resolve("node_modules")), "needs: npm ci --prefix src/test/clients");
        List<String> command = new ArrayList<>(List.of("node", program));
        for (Way way : ways) command.addAll(List.of(way.base(), way.keyBegin()));
        Process node = new ProcessBuilder(command).directory(NODE.toFile()).redirectErrorStream(true).start();
        try (OutputStream questions = node.getOutputStream()) {
            for (RecordedExchange exchange : exchanges) questions.write(question(exchange));
        }
        Map<String, List<Understood>> understood = new HashMap<>();
        try (BufferedReader said = node.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                assertTrue(line.startsWith("{"), line);
                JsonNode answer = JSON.readTree(line);
                understood.computeIfAbsent(answer.get("id").asText(), _ -> new ArrayList<>()).add(understood(answer));
            }
        }
        assertEquals(0, node.waitFor());
        return understood;
    }

    private static Understood understood(JsonNode answer) {
        TreeMap<String, String> facts =
                JSON.convertValue(answer.get("facts"), new TypeReference<TreeMap<String, String>>() {});
        return new Understood(facts, answer.get("everything").asText());
    }

    private static byte[] question(RecordedExchange exchange) throws IOException {
        Map<String, Object> question =
                Map.of(
                        "id", exchange.id(),
                        "operation", SdkOperation.of(exchange).name(),
                        "stream", exchange.stream(),
                        "path", exchange.path(),
                        "request", exchange.request());
        return (JSON.writeValueAsString(question) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
