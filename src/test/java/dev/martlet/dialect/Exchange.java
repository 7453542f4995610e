package dev.martlet.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.wire.JsonTree;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A recorded exchange that is a chat in one of the dialects that are translated, whoever speaks it.
@JsonIgnoreProperties(ignoreUnknown = true)
record Exchange(
        String id,
        String provider,
        String api,
        boolean stream,
        String path,
        String request,
        int status,
        String contentType,
        String response) {
    private static final String FILE = "src/test/resources/corpus/exchanges.jsonl";
    private static final Pattern MODEL = Pattern.compile("/(?:models|deployments)/([^/:?]+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Those of the file that the property `martlet.corpus` names, else the project's own few.
    static List<Exchange> chats() {
        Path file = Path.of(System.getProperty("martlet.corpus", FILE));
        try (MappingIterator<Exchange> lines = JSON.readerFor(Exchange.class).readValues(file.toFile())) {
            return lines.readAll().stream().filter(one -> one.chat().isPresent()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Dialect> chat() {
        return switch (api) {
            case "openai.chat" -> Optional.of(Dialect.OPENAI);
            case "anthropic.messages" -> Optional.of(Dialect.ANTHROPIC);
            case "gemini.generate", "gemini.stream" -> Optional.of(Dialect.GEMINI);
            default -> Optional.empty();
        };
    }

    Dialect dialect() {
        return chat().orElseThrow();
    }

    /// Empty where the recorder kept none.
    Optional<ObjectNode> asked() {
        return object(request.getBytes(UTF_8));
    }

    String model() {
        Matcher address = MODEL.matcher(path);
        return asked().map(body -> body.path("model").asText(""))
                .filter(name -> !name.isEmpty())
                .or(() -> Optional.of(address).filter(Matcher::find).map(found -> found.group(1)))
                .orElse("unnamed");
    }

    boolean good() {
        return status >= 200 && status < 300;
    }

    boolean streams() {
        return good() && (contentType.startsWith("text/event-stream") || response.startsWith("data:"));
    }

    /// The answer when it is whole; empty for a stream, for what is no JSON, and for an error that says it went well.
    Optional<ObjectNode> answer() {
        return good() && !streams() ? object(bytes()).filter(body -> !body.path("error").isObject()) : Optional.empty();
    }

    byte[] bytes() {
        return response.getBytes(UTF_8);
    }

    List<SseEvent> events() {
        return events(bytes());
    }

    static List<SseEvent> events(byte[] stream) {
        SseReader reader = new SseReader(new ByteArrayInputStream(stream)::read);
        List<SseEvent> events = new ArrayList<>();
        try {
            for (Optional<SseEvent> one = reader.next(); one.isPresent(); one = reader.next()) events.add(one.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return events;
    }

    /// The data of events, without those that have none and without `[DONE]`.
    static List<JsonNode> data(List<SseEvent> events) {
        return events.stream()
                .flatMap(event -> JsonTree.read(event.content(), event.data()).stream())
                .filter(JsonNode::isObject)
                .toList();
    }

    static Optional<ObjectNode> object(byte[] json) {
        return JsonTree.read(json).filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast);
    }
}
