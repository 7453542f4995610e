package dev.martlet.wire;

import dev.martlet.Body;
import dev.martlet.Field;
import dev.martlet.Fields;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/// The one grammar of HTTP/1 messages (RFC 9112), strict: what two readers could take for two different things is refused.
///
/// The guard, the exchange with upstreams and the tests all split bytes into messages here and nowhere else.
public final class Http1 {
    private static final byte[] NOTHING = {};

    private Http1() {}

    /// How much of a head is read, and how large one chunk of its body may say it is.
    public record Limits(int headBytes, int fields, int targetBytes, long chunkBytes) {}

    /// The head of a request.
    ///
    /// @param target the request target as it was written: origin form, or `*` for OPTIONS
    /// @param minor  0 or 1: the sender speaks HTTP/1.0 or HTTP/1.1
    /// @param framing where its body ends
    public record RequestHead(String method, String target, int minor, Fields fields, Framing framing) {

        /// Whether the sender means to keep the connection (RFC 9112, section 9.3).
        public boolean keepsAlive() {
            return persistent(minor, fields);
        }

        /// Whether the sender waits for `100 Continue` before it sends the body (RFC 9110, section 10.1.1).
        public boolean expectsContinue() {
            return minor == 1 && fields.lists("Expect", "100-continue");
        }
    }

    /// The head of a response.
    ///
    /// @param reason the text after the status, possibly empty
    public record ResponseHead(int minor, int status, String reason, Fields fields) {
        public boolean keepsAlive() {
            return persistent(minor, fields);
        }

        /// Where the body ends that answers a request with this method (RFC 9112, section 6.3).
        ///
        /// @throws Malformed if the head says it in two ways, or in one that we do not know
        public Framing framing(String method) throws Malformed {
            Framing declared = FramingRules.declared(minor, fields).orElse(new Framing.UntilClose());
            boolean bodiless = status < 200 || status == 204 || status == 304 || method.equals("HEAD");
            return bodiless ? new Framing.None() : declared;
        }
    }

    /// Where a body ends.
    public sealed interface Framing {
        record None() implements Framing {}

        record Length(long bytes) implements Framing {}

        record Chunked() implements Framing {}

        /// At the end of the connection; whether it is whole cannot be told.
        record UntilClose() implements Framing {}
    }

    /// Reads a request's head; empty when the stream ends before its first byte.
    ///
    /// @throws Malformed if it is not a request, or larger than the limits
    /// @throws Truncated if the stream ends inside it
    public static Optional<RequestHead> readRequest(Source source, Limits limits) throws IOException {
        Optional<HeadReader> head = HeadReader.open(source, limits);
        return head.isEmpty() ? Optional.empty() : Optional.of(head.get().request());
    }

    /// Reads a response's head; empty when the stream ends before its first byte.
    public static Optional<ResponseHead> readResponse(Source source, Limits limits) throws IOException {
        Optional<HeadReader> head = HeadReader.open(source, limits);
        return head.isEmpty() ? Optional.empty() : Optional.of(head.get().response());
    }

    /// The content of a body that is framed like this. A chunked body longer than
    /// `bytesMax` is [Malformed] with status 413; a stated length is there to be looked at before.
    public static BodyStream body(Source source, Framing framing, Limits limits, long bytesMax) {
        return switch (framing) {
            case Framing.None _ -> new LengthBody(source, 0);
            case Framing.Length(long bytes) -> new LengthBody(source, bytes);
            case Framing.Chunked _ -> new ChunkedBody(source, limits, bytesMax);
            case Framing.UntilClose _ -> new RestBody(source);
        };
    }

    /// A request's head, ready to be sent.
    public static byte[] head(String method, String target, Fields fields) {
        return message(method, target, fields, NOTHING);
    }

    /// A request with its content, ready to be sent in one piece.
    public static byte[] message(String method, String target, Fields fields, byte[] content) {
        return bytes(method + " " + target + " HTTP/1.1\r\n", fields, content);
    }

    /// A response's head, ready to be sent.
    public static byte[] head(int status, String reason, Fields fields) {
        return bytes("HTTP/1.1 " + status + " " + reason + "\r\n", fields, NOTHING);
    }

    /// The line before a chunk of so many bytes (RFC 9112, section 7.1).
    public static byte[] chunkLine(int bytes) {
        int digits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(bytes) + 3) / 4);
        byte[] line = new byte[digits + 2];
        for (int i = 0; i < digits; i++) {
            line[i] = (byte) Character.forDigit((bytes >>> (4 * (digits - 1 - i))) & 0xF, 16);
        }
        line[digits] = '\r';
        line[digits + 1] = '\n';
        return line;
    }

    /// The last chunk, without trailers.
    public static byte[] lastChunk() {
        return "0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    }

    /// How the content of a message of ours is framed.
    public static Framing framing(Body body) {
        return switch (body) {
            case Body.None _ -> new Framing.None();
            case Body.Held(byte[] bytes) -> new Framing.Length(bytes.length);
            case Body.Spooled(_, long length) -> new Framing.Length(length);
            case Body.Flowing(_, OptionalLong length) ->
                    length.isPresent() ? new Framing.Length(length.getAsLong()) : new Framing.Chunked();
        };
    }

    /// Measured first and written once: a head is made twice in every call.
    private static byte[] bytes(String startLine, Fields fields, byte[] content) {
        int length = startLine.length() + 2 + content.length;
        for (Field field : fields) length += field.name().length() + field.value().length() + 4;
        byte[] message = new byte[length];
        int end = put(startLine, message, 0);
        for (Field field : fields) {
            end = put(field.name(), message, end);
            end = put(": ", message, end);
            end = put(field.value(), message, end);
            end = put("\r\n", message, end);
        }
        end = put("\r\n", message, end);
        System.arraycopy(content, 0, message, end, content.length);
        return message;
    }

    @SuppressWarnings(
            "deprecation") // it takes the low octet of each character, and there is no other: text here is Latin-1
    private static int put(String text, byte[] into, int from) {
        text.getBytes(0, text.length(), into, from);
        return from + text.length();
    }

    private static boolean persistent(int minor, Fields fields) {
        if (fields.lists("Connection", "close")) return false;
        return minor == 1 || fields.lists("Connection", "keep-alive");
    }
}
