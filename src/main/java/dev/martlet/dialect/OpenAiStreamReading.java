package dev.martlet.dialect;

import dev.martlet.Usage;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.Span;
import dev.martlet.wire.SseEvent;

import java.util.List;
import java.util.Optional;

/// A stream in the OpenAI dialect: it ends with `[DONE]`, or when every choice that began has its `finish_reason`.
final class OpenAiStreamReading implements StreamReading {
    private static final Names CHOICE = Names.of("index", "delta", "text", "finish_reason", "usage");

    /// What somebody waits for; a role, and what only accompanies it, is not among them.
    private static final Names DELTA =
            Names.of(
                    "content",
                    "tool_calls",
                    "function_call",
                    "refusal",
                    "reasoning",
                    "reasoning_content",
                    "reasoning_details",
                    "thinking",
                    "audio",
                    "images");

    private static final Seen CONTENT = new Seen.Content(Optional.empty());
    private static final Seen META = new Seen.Meta(Optional.empty());

    /// The last events of the streams that are not made of choices (OpenAI's API reference, "Streaming").
    private static final List<String> LAST_TYPES =
            List.of("image_generation.completed", "image_edit.completed", "speech.audio.done", "transcript.text.done");

    private final boolean ownKey;
    private final Ends ends = new Ends();
    private boolean done;
    private boolean failed;
    private Optional<Usage> usage = Optional.empty();

    OpenAiStreamReading(boolean ownKey) {
        this.ownKey = ownKey;
    }

    @Override
    public boolean complete() {
        return !failed && (done || (ends.any() && ends.all()));
    }

    @Override
    public Optional<Usage> usage() {
        return usage;
    }

    @Override
    public Seen read(SseEvent event) {
        if (event.data().length() == 0) return event.piece() ? CONTENT : META;
        if (event.says("[DONE]")) {
            done = true;
            return new Seen.Terminal();
        }
        Json json = Json.read(event.content(), event.data(), Answers.TOP);
        done |= LAST_TYPES.contains(event.name());
        if (event.name().equals("error")) return failure(OpenAiErrorReading.of(json));
        boolean readable = json.fault().filter(fault -> !event.piece() || !fault.cut()).isEmpty();
        return readable ? read(json.members()) : CONTENT;
    }

    private Seen read(Members top) {
        if (OpenAiErrorReading.isError(top) && !complete()) return failure(OpenAiErrorReading.of(top));
        Optional<Usage> counted = UsageReading.of(top);
        if (counted.isPresent()) usage = counted;
        Optional<Span> model = Answers.model(top);
        Optional<Value> choices = top.find("choices").filter(value -> value.is(Json.Kind.ARRAY));
        if (choices.isEmpty()) return withoutChoices(top, model);
        if (choices.get().isEmpty()) return counted.isPresent() ? new Seen.UsageOnly(model) : new Seen.Meta(model);
        boolean content = false;
        for (Value element : choices.get().elements()) {
            Members choice = element.members(CHOICE);
            content |= hasContent(choice);
            if (counted.isEmpty()) usage = choice.find("usage").flatMap(UsageReading::of).or(() -> usage); // Moonshot
        }
        return content ? new Seen.Content(model) : new Seen.Meta(model);
    }

    private Seen withoutChoices(Members top, Optional<Span> model) {
        done |= top.find("type").flatMap(Value::text).filter(LAST_TYPES::contains).isPresent();
        return new Seen.Content(model);
    }

    /// What an error means that does not say which status it would have had: that the upstream failed.
    private Seen failure(ErrorReading error) {
        failed = true;
        int status = error.status().orElse(500);
        return new Seen.Failure(error.signal(status, Optional.empty(), ownKey));
    }

    private boolean hasContent(Members choice) {
        boolean reason = said(choice, "finish_reason");
        ends.note(choice.find("index"), reason);
        return reason || said(choice, "text") || choice.find("delta").filter(OpenAiStreamReading::says).isPresent();
    }

    private static boolean says(Value delta) {
        return delta.members(DELTA).sayAnything();
    }

    private static boolean said(Members members, String name) {
        return members.find(name).filter(value -> !value.isEmpty()).isPresent();
    }
}
