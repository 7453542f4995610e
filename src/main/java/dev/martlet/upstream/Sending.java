package dev.martlet.upstream;

import dev.martlet.Body;
import dev.martlet.Fields;
import dev.martlet.Target;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.ResponseHead;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The request on its way out. Small ones leave in one write; large bodies go in slices, and between two slices an answer
/// that comes early is noticed: a provider that refuses an upload says so before it has read it (RFC 9112, section 9.5).
final class Sending {
    static final int SLICE_BYTES = 16 << 10;

    private static final byte[] NOTHING = {};

    /// Methods whose empty body is said in so many words (RFC 9110, section 8.6).
    private static final Set<String> USUALLY_WITH_BODY = Set.of("POST", "PUT", "PATCH");

    /// Looks for an answer without waiting for one.
    @FunctionalInterface
    interface EarlyAnswer {
        Optional<ResponseHead> look() throws IOException;
    }

    /// Where the bytes go: blocks until they are taken.
    @FunctionalInterface
    interface Push {
        /// Writes all of it.
        ///
        /// @throws Stalled when it is not taken in time
        void write(byte[] bytes, int from, int length) throws IOException;
    }

    /// The peer takes no more bytes.
    static final class Stalled extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final Push push;
    private final Target target;
    private final Upstream.Request request;
    private final Framing framing;

    Sending(Push push, Target target, Upstream.Request request) {
        this.push = push;
        this.target = target;
        this.request = request;
        this.framing = Http1.framing(request.body());
    }

    /// Sends the whole request; gives the answer when one came before the end, after which nothing more is sent.
    Optional<ResponseHead> run(EarlyAnswer early) throws IOException {
        return switch (request.body()) {
            case Body.None _ -> sendOnce(message(NOTHING));
            case Body.Held(byte[] bytes) when bytes.length <= SLICE_BYTES -> sendOnce(message(bytes));
            case Body.Held(byte[] bytes) -> sendHeld(bytes, early);
            case Body.Spooled(Supplier<InputStream> content, _) -> sendSlices(content.get(), early);
            case Body.Flowing(InputStream stream, _) -> sendSlices(stream, early);
        };
    }

    private Optional<ResponseHead> sendOnce(byte[] message) throws IOException {
        write(message);
        return Optional.empty();
    }

    /// From where they stand: calls that wait to send may be many, and none needs a buffer of its own.
    private Optional<ResponseHead> sendHeld(byte[] bytes, EarlyAnswer early) throws IOException {
        write(message(NOTHING));
        for (int from = 0; from < bytes.length; from += SLICE_BYTES) {
            int start = from;
            int length = Math.min(SLICE_BYTES, bytes.length - from);
            Optional<ResponseHead> answer = sendPart(() -> push.write(bytes, start, length), early);
            if (answer.isPresent()) return answer;
        }
        return Optional.empty();
    }

    private Optional<ResponseHead> sendSlices(InputStream content, EarlyAnswer early) throws IOException {
        boolean chunked = framing instanceof Framing.Chunked;
        Slice slice = new Slice(chunked);
        write(message(NOTHING));
        while (slice.fill(content)) {
            Optional<ResponseHead> answer = sendPart(() -> slice.push(push), early);
            if (answer.isPresent()) return answer;
        }
        if (chunked) write(Http1.lastChunk());
        return Optional.empty();
    }

    /// Sends one part; gives the answer when one is here before it, or instead of a peer that still reads.
    private static Optional<ResponseHead> sendPart(Part part, EarlyAnswer early) throws IOException {
        Optional<ResponseHead> answer = early.look();
        if (answer.isPresent()) return answer;
        try {
            part.send();
            return Optional.empty();
        } catch (Stalled e) {
            throw e;
        } catch (IOException e) {
            return lastWords(early, e);
        }
    }

    /// A part of a body.
    @FunctionalInterface
    private interface Part {
        void send() throws IOException;
    }

    /// What the peer said before it stopped reading, if anything.
    private static Optional<ResponseHead> lastWords(EarlyAnswer early, IOException failure) throws IOException {
        Optional<ResponseHead> answer = early.look();
        if (answer.isEmpty()) throw failure;
        return answer;
    }

    private void write(byte[] bytes) throws IOException {
        push.write(bytes, 0, bytes.length);
    }

    /// The head, and content that leaves with it.
    private byte[] message(byte[] content) {
        return Http1.message(request.method(), target.basePath() + request.path(), fields(), content);
    }

    private Fields fields() {
        Fields fields = Fields.of("Host", target.authority()).and(request.fields());
        return switch (framing) {
            case Framing.Length(long bytes) -> fields.with("Content-Length", Long.toString(bytes));
            case Framing.Chunked _ -> fields.with("Transfer-Encoding", "chunked");
            case Framing.None _, Framing.UntilClose _ ->
                    USUALLY_WITH_BODY.contains(request.method()) ? fields.with("Content-Length", "0") : fields;
        };
    }
}
