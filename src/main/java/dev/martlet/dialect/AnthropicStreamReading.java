package dev.martlet.dialect;

import dev.martlet.Usage;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.SseEvent;

import java.util.Optional;

/// A stream of Anthropic's: it ends with `message_stop`, and with nothing else.
final class AnthropicStreamReading implements StreamReading {
    /// Those of [Answers#TOP] among them that errors are read from.
    private static final Names TOP =
            Names.of("type", "error", "message", "usage", "content_block", "object", "code", "status", "status_code");

    private static final Names MESSAGE = Names.of("model", "usage");
    private static final Names BLOCK = Names.of("type", "text", "thinking");
    private static final Seen CONTENT = new Seen.Content(Optional.empty());
    private static final Seen META = new Seen.Meta(Optional.empty());

    private final boolean ownKey;
    private final AnthropicTokens tokens = new AnthropicTokens();
    private boolean done;
    private boolean failed;

    AnthropicStreamReading(boolean ownKey) {
        this.ownKey = ownKey;
    }

    @Override
    public boolean complete() {
        return done && !failed;
    }

    @Override
    public Optional<Usage> usage() {
        return tokens.usage();
    }

    @Override
    public Seen read(SseEvent event) {
        if (event.data().length() == 0) return event.piece() ? CONTENT : META;
        Json json = Json.read(event.content(), event.data(), TOP);
        String type = json.members().find("type").flatMap(Value::text).orElse(event.name());
        if (type.equals("error") || OpenAiErrorReading.isError(json.members())) return failure(json);
        return switch (type) {
            case "message_start" -> start(json.members());
            case "content_block_start" -> begins(json.members()) ? CONTENT : META;
            case "content_block_stop", "ping" -> META;
            case "message_delta" -> {
                tokens.read(json.members());
                yield CONTENT;
            }
            case "message_stop" -> {
                done = true;
                yield new Seen.Terminal();
            }
            default -> CONTENT;
        };
    }

    private Seen start(Members top) {
        Members message = top.find("message").map(value -> value.members(MESSAGE)).orElseGet(MESSAGE::none);
        tokens.read(message);
        return new Seen.Meta(Answers.model(message));
    }

    /// Whether a block says something with its beginning; text and thoughts follow it.
    private static boolean begins(Members top) {
        Members block = top.find("content_block").map(value -> value.members(BLOCK)).orElseGet(BLOCK::none);
        Optional<Value> follows = block.find("text").or(() -> block.find("thinking"));
        return follows.filter(Value::isEmpty).isEmpty();
    }

    /// What an error means that does not say which status it would have had: that the upstream failed.
    private Seen failure(Json json) {
        if (complete()) return META;
        failed = true;
        ErrorReading error = AnthropicErrors.read(json);
        return new Seen.Failure(error.signal(error.status().orElse(500), Optional.empty(), ownKey));
    }
}
