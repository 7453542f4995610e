package dev.martlet.dialect;

import dev.martlet.Usage;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;
import dev.martlet.wire.Span;
import dev.martlet.wire.SseEvent;

import java.util.Iterator;
import java.util.Optional;

/// A stream of Gemini's: it ends when every candidate that began has its `finishReason`, or with the word that the prompt
/// was blocked. Nothing marks the last event.
final class GeminiStreamReading implements StreamReading {
    private static final Names CANDIDATE = Names.of("index", "content", "finishReason");
    private static final Names CONTENT_NAMES = Names.of("parts");
    private static final Names TEXT = Names.of("text");
    private static final Names FEEDBACK = Names.of("blockReason");
    private static final Seen CONTENT = new Seen.Content(Optional.empty());
    private static final Seen META = new Seen.Meta(Optional.empty());

    private final boolean ownKey;
    private final Ends ends = new Ends();
    private boolean blocked;
    private boolean failed;
    private Optional<Usage> usage = Optional.empty();

    GeminiStreamReading(boolean ownKey) {
        this.ownKey = ownKey;
    }

    @Override
    public boolean complete() {
        return !failed && ends.all() && (ends.any() || blocked);
    }

    @Override
    public Optional<Usage> usage() {
        return usage;
    }

    @Override
    public Seen read(SseEvent event) {
        if (event.data().length() == 0) return event.piece() ? CONTENT : META;
        Json json = Json.read(event.content(), event.data(), GeminiAnswerForm.TOP);
        boolean readable = json.fault().filter(fault -> !event.piece() || !fault.cut()).isEmpty();
        if (!readable) return CONTENT;
        boolean array = json.fault().isEmpty() && json.root().is(Json.Kind.ARRAY);
        return read(array ? first(json.root()) : json.members());
    }

    /// Errors come as an array of one.
    private static Members first(Value array) {
        Iterator<Value> elements = array.elements().iterator();
        return elements.hasNext() ? elements.next().members(GeminiAnswerForm.TOP) : GeminiAnswerForm.TOP.none();
    }

    private Seen read(Members top) {
        GeminiErrorReading error = GeminiErrorReading.of(top);
        if (error.present() && !complete()) return failure(error);
        Optional<Usage> counted = GeminiAnswerForm.THE_ONE.usage(top);
        if (counted.isPresent()) usage = counted;
        Optional<Span> model = GeminiAnswerForm.THE_ONE.model(top);
        boolean content = noteBlocked(top);
        Optional<Value> candidates = top.find("candidates");
        if (candidates.isPresent()) {
            for (Value candidate : candidates.get().elements()) content |= hasContent(candidate.members(CANDIDATE));
        }
        return content ? new Seen.Content(model) : new Seen.Meta(model);
    }

    /// What an error means that does not say which status it would have had: that the upstream failed.
    private Seen failure(GeminiErrorReading error) {
        failed = true;
        return new Seen.Failure(error.signal(error.status().orElse(500), Optional.empty(), ownKey));
    }

    private boolean noteBlocked(Members top) {
        boolean now =
                top.find("promptFeedback")
                        .filter(feedback -> said(feedback.members(FEEDBACK), "blockReason"))
                        .isPresent();
        blocked |= now;
        return now;
    }

    private boolean hasContent(Members candidate) {
        boolean reason = candidate.find("finishReason").filter(GeminiStreamReading::isReason).isPresent();
        ends.note(candidate.find("index"), reason);
        if (reason) return true;
        Optional<Value> parts =
                candidate.find("content").flatMap(content -> content.members(CONTENT_NAMES).find("parts"));
        if (parts.isEmpty()) return false;
        for (Value part : parts.get().elements()) {
            if (part.members(TEXT).find("text").map(text -> !text.isEmpty()).orElse(!part.isEmpty())) return true;
        }
        return false;
    }

    /// A word, or a number where enums are written as such; 0 is "unspecified".
    private static boolean isReason(Value reason) {
        if (reason.is(Json.Kind.NUMBER)) return reason.count().orElse(0) != 0;
        return !reason.isEmpty() && !reason.says(GeminiFinish.UNSPECIFIED);
    }

    private static boolean said(Members members, String name) {
        return members.find(name).filter(value -> !value.isEmpty()).isPresent();
    }
}
