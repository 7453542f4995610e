package dev.martlet.dialect;

import dev.martlet.Dialect;
import dev.martlet.Signal;
import dev.martlet.Usage;
import dev.martlet.wire.Span;
import dev.martlet.wire.SseEvent;

import java.util.Optional;

/// One stream as it comes from a channel, event by event: what each is for, and whether the whole has come to its end.
///
/// Never throws on what a provider sends: what is not understood passes as content.
public interface StreamReading {
    /// The reading of one stream of a channel.
    ///
    /// @param ownKey whether it was a key of the channel, and not one that the caller brought along
    static StreamReading of(Dialect dialect, boolean ownKey) {
        return switch (dialect) {
            case OPENAI -> new OpenAiStreamReading(ownKey);
            case ANTHROPIC -> new AnthropicStreamReading(ownKey);
            case GEMINI -> new GeminiStreamReading(ownKey);
            case RESPONSES -> throw new IllegalArgumentException(dialect.word() + " is not read");
        };
    }

    /// Reads the next event.
    Seen read(SseEvent event);

    /// Whether nothing is missing: the stream came to the end that its dialect has, and no error came before.
    boolean complete();

    /// The tokens that it counted; the last count when there were several.
    Optional<Usage> usage();

    /// What an event is for. Where it names the model, the span is a part of [SseEvent#content], quotes included.
    sealed interface Seen {
        /// Something that the client waits for.
        record Content(Optional<Span> model) implements Seen {}

        /// Something that goes before it: a role, an empty delta, a comment.
        record Meta(Optional<Span> model) implements Seen {}

        /// The count of tokens and nothing else: the event that OpenAI's `include_usage` brings.
        record UsageOnly(Optional<Span> model) implements Seen {}

        /// An error in the place of an event.
        record Failure(Signal signal) implements Seen {}

        /// The event behind which nothing follows: `[DONE]`.
        record Terminal() implements Seen {}
    }
}
