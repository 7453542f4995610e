package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

import dev.martlet.wire.Http1;
import dev.martlet.wire.Source;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// The official OpenAI SDKs for Java and Node work through the gateway with nothing changed but its base URL.
class OfficialSdkTest {
    private static final String WHOLE =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,"
                    + "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"logprobs\":null,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"Hello\",\"refusal\":null}}]}";

    @Test
    void readsAWholeAnswer() throws IOException {
        try (AcceptanceRig rig = new AcceptanceRig(OfficialSdkTest::openAi)) {
            ChatCompletion answer = client(rig).chat().completions().create(question());
            assertEquals("Hello", answer.choices().getFirst().message().content().orElse(""));
        }
    }

    @Test
    void readsAStream() throws IOException {
        try (AcceptanceRig rig = new AcceptanceRig(OfficialSdkTest::openAi);
                StreamResponse<ChatCompletionChunk> stream =
                        client(rig).chat().completions().createStreaming(question())) {
            String text =
                    stream.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .map(choice -> choice.delta().content().orElse(""))
                            .collect(Collectors.joining());
            assertEquals("Hello", text);
        }
    }

    @Test
    void nodeReadsBoth() throws IOException, InterruptedException {
        Path clients = Path.of("src/test/clients");
        assumeTrue(Files.isDirectory(clients.resolve("node_modules")), "needs: npm ci --prefix src/test/clients");
        try (AcceptanceRig rig = new AcceptanceRig(OfficialSdkTest::openAi)) {
            Process node =
                    new ProcessBuilder("node", "openai.mjs", "http://127.0.0.1:" + rig.port() + "/v1")
                            .directory(clients.toFile())
                            .redirectErrorStream(true)
                            .start();
            String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, node.waitFor(), said);
            assertEquals("{\"whole\":\"Hello\",\"streamed\":\"Hello\"}", said.strip());
        }
    }

    private static OpenAIClient client(AcceptanceRig rig) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + rig.port() + "/v1")
                .apiKey("sk-fake")
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams question() {
        return ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage("Hi").build();
    }

    private static void openAi(Socket socket, Source source) throws IOException {
        var head = Http1.readRequest(source, AcceptanceRig.LIMITS);
        if (head.isEmpty()) return;
        String content =
                new String(
                        Http1.body(source, head.get().framing(), AcceptanceRig.LIMITS, Long.MAX_VALUE).readAllBytes(),
                        StandardCharsets.UTF_8);
        boolean stream = content.contains("\"stream\":true");
        String type = stream ? "text/event-stream" : "application/json";
        String body = stream ? events() : WHOLE;
        String start = "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((start + body).getBytes(StandardCharsets.UTF_8));
    }

    private static String events() {
        StringBuilder events = new StringBuilder();
        for (String piece : new String[] {"Hel", "lo"}) {
            events.append("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,")
                    .append("\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"finish_reason\":null,")
                    .append("\"delta\":{\"content\":\"")
                    .append(piece)
                    .append("\"}}]}\n\n");
        }
        return events.append("data: [DONE]\n\n").toString();
    }
}
