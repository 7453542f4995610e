package dev.martlet.dialect;

import dev.martlet.Cause;
import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Operation;
import dev.martlet.Operation.Kind;
import dev.martlet.Signal;
import dev.martlet.Usage;
import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Members;
import dev.martlet.wire.Span;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What a whole answer says, whatever its status claims.
///
/// @param usage the tokens that it counts; empty when it counts none, or not in the part that was looked at
/// @param model where it names the model, quotes included: there goes the name that the caller wrote
/// @param page  whether it is a page for people, which is never passed on
public record AnswerReading(Signal signal, Optional<Usage> usage, Optional<Span> model, boolean page) {
    private static final int PAGE_BYTES_SEEN = 256;

    /// An answer as it came.
    ///
    /// @param dialect of the channel
    /// @param body    all of it, or how it begins
    /// @param whole  whether the body is all there is
    /// @param ownKey whether it was a key of the channel, and not one that the caller brought along
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Answered(
            Dialect dialect, Operation operation, int status, Fields head, byte[] body, boolean whole, boolean ownKey) {
        boolean success() {
            return status >= 200 && status < 300;
        }

        /// Whether the bytes are packed though nobody asked for it: nothing can be read in them.
        boolean packed() {
            return head.first("Content-Encoding").filter(coding -> !coding.equalsIgnoreCase("identity")).isPresent();
        }

        boolean page() {
            if (firstOctet() != '<') return false;
            String begin =
                    new String(body, 0, Math.min(body.length, PAGE_BYTES_SEEN), StandardCharsets.ISO_8859_1)
                            .strip()
                            .toLowerCase(Locale.ROOT);
            return begin.startsWith("<!doctype") || begin.startsWith("<html") || saysPage();
        }

        private boolean saysPage() {
            return head.first("Content-Type")
                    .filter(type -> type.regionMatches(true, 0, "text/html", 0, "text/html".length()))
                    .isPresent();
        }

        boolean blank() {
            return firstOctet() < 0;
        }

        /// The first byte behind white space, -1 for none.
        private int firstOctet() {
            for (byte octet : body) {
                if (octet != ' ' && octet != '\n' && octet != '\r' && octet != '\t') return octet & 0xFF;
            }
            return -1;
        }
    }

    /// Reads an answer.
    ///
    /// @param now for a `Retry-After` that is a date
    public static AnswerReading of(Answered answered, Instant now) {
        boolean page = answered.page();
        if (answered.packed() || page) {
            Judged judged = new Judged(answered, ErrorReading.NONE, now);
            Signal signal = answered.success() ? judged.unreadable(page) : judged.byStatus(answered.status());
            return new AnswerReading(signal, Optional.empty(), Optional.empty(), page);
        }
        AnswerForm form = AnswerForm.of(answered.dialect());
        Json json = Json.read(answered.body(), form.top());
        Judged judged = new Judged(answered, form.error(json), now);
        Signal signal = answered.success() ? judged.byContent(json) : judged.byStatus(answered.status());
        return new AnswerReading(signal, form.usage(json.members()), form.model(json.members()), false);
    }

    /// What the end of an answer says that was too large to be read as a whole.
    ///
    /// @param usage as of a whole answer
    /// @param model as of a whole answer; a part of the bytes that were looked at
    public record End(Optional<Usage> usage, Optional<Span> model) {}

    /// Reads how a large answer ends: the vectors of embeddings and the bytes of images stand in front of what counts.
    ///
    /// @param last the last bytes of the answer; 8 KiB of them are looked at
    public static End end(byte[] last) {
        Members members = Answers.atEnd(last);
        return new End(UsageReading.of(members), Answers.model(members));
    }

    /// An answer together with what it says about an error.
    private record Judged(Answered answered, ErrorReading error, Instant now) {
        private static final Signal ERROR = new Signal.Nonsense(Cause.ERROR_BODY);

        Signal byStatus(int status) {
            if (status >= 300 && status < 400) return new Signal.Nonsense(Cause.REDIRECT);
            return error.signal(status, Pauses.of(answered.head(), now), answered.ownKey());
        }

        Signal unreadable(boolean page) {
            if (answered.blank()) return new Signal.Nonsense(Cause.EMPTY);
            return page ? new Signal.Nonsense(Cause.HTML) : new Signal.Good(answered.status());
        }

        Signal byContent(Json json) {
            if (answered.blank()) return new Signal.Nonsense(Cause.EMPTY);
            boolean anyFormat = answered.operation().kind() == Kind.AUDIO;
            if (anyFormat) return new Signal.Good(answered.status());
            if (error.present()) return error.status().stream().mapToObj(this::byStatus).findFirst().orElse(ERROR);
            return json.fault().map(this::unsound).orElseGet(() -> sound(json.root()));
        }

        private Signal unsound(Json.Fault fault) {
            if (!fault.cut()) return new Signal.Nonsense(Cause.NOT_JSON);
            return answered.whole() ? new Signal.Nonsense(Cause.TRUNCATED) : new Signal.Good(answered.status());
        }

        private Signal sound(Json.Value root) {
            if (root.isEmpty()) return new Signal.Nonsense(Cause.EMPTY);
            boolean answer = root.is(Json.Kind.OBJECT) || root.is(Json.Kind.ARRAY);
            return answer ? new Signal.Good(answered.status()) : new Signal.Nonsense(Cause.NOT_JSON);
        }
    }
}
