package dev.martlet.app;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.martlet.wire.Http1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// An exchange with a real provider, as a public project recorded it: `src/test/resources/corpus/README.md`.
@JsonIgnoreProperties(ignoreUnknown = true)
record RecordedExchange(
        String id,
        String provider,
        String api,
        boolean stream,
        String method,
        String path,
        String request,
        int status,
        String contentType,
        String response) {
    private static final int CHUNK_BYTES_MAX = 200;
    private static final Pattern MODEL = Pattern.compile("(\"model\"\\s*:\\s*)\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final ObjectMapper JSON = new ObjectMapper();

    static List<RecordedExchange> all() throws IOException {
        return all(Objects.requireNonNull(RecordedExchange.class.getResource("/corpus/exchanges.jsonl")).openStream());
    }

    /// Those of a file of that form.
    static List<RecordedExchange> all(Path file) throws IOException {
        return all(Files.newInputStream(file));
    }

    private static List<RecordedExchange> all(InputStream recordings) throws IOException {
        try (InputStream in = recordings;
                MappingIterator<RecordedExchange> lines = JSON.readerFor(RecordedExchange.class).readValues(in)) {
            return lines.readAll();
        }
    }

    /// What the caller calls the model; empty when it names none, or the recorder kept nothing of the request. Of a form
    /// none keeps anything: that is the SDKs' users' own.
    Optional<String> model() {
        if (api.equals("openai.audio")) return Optional.of(JavaSdk.SPEECH_MODEL);
        try {
            String asked = JSON.readTree(request.isBlank() ? "{}" : request).path("model").asText("");
            return asked.isEmpty() ? Optional.empty() : Optional.of(asked);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /// The same with the model called in the answer what the caller called it. Each event names it first of all.
    RecordedExchange named() throws IOException {
        if (status >= 400 || model().isEmpty()) return this;
        String member = "$1" + Matcher.quoteReplacement(JSON.writeValueAsString(model().get()));
        UnaryOperator<String> naming = text -> MODEL.matcher(text).replaceFirst(member);
        String answer =
                contentType.startsWith("text/event-stream")
                        ? response.lines().map(naming).collect(Collectors.joining("\n", "", "\n"))
                        : naming.apply(response);
        return new RecordedExchange(id, provider, api, stream, method, path, request, status, contentType, answer);
    }

    /// Sends the answer as a message whose length is known.
    void playWhole(FakeProvider.Peer peer) throws IOException {
        byte[] body = response.getBytes(StandardCharsets.UTF_8);
        peer.send(head("Content-Length: " + body.length));
        peer.send(body);
    }

    /// Sends the answer in chunks that are cut anywhere, also inside a line or a character.
    void playInChunks(FakeProvider.Peer peer, Random random) throws IOException {
        byte[] body = response.getBytes(StandardCharsets.UTF_8);
        peer.send(head("Transfer-Encoding: chunked"));
        for (int from = 0; from < body.length; ) {
            int length = Math.min(body.length - from, 1 + random.nextInt(CHUNK_BYTES_MAX));
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            chunk.writeBytes(Http1.chunkLine(length));
            chunk.write(body, from, length);
            chunk.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
            peer.send(chunk.toByteArray());
            from += length;
        }
        peer.send(Http1.lastChunk());
    }

    private String head(String framing) {
        String type = contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\r\n";
        return "HTTP/1.1 " + status + " Recorded\r\n" + type + framing + "\r\n\r\n";
    }
}
