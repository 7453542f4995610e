package dev.martlet.relay;

import dev.martlet.Call;
import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.ResponseHead;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/// Packs an answer on its way to the client (RFC 9110, section 8.4.1.3).
final class PackedReply implements Reply, AutoCloseable {
    private static final long BYTES_MIN = 1 << 10;
    private static final int BUFFER_BYTES = 4 << 10;
    private static final Fields PACKED = Fields.of("Content-Encoding", "gzip", "Vary", "Accept-Encoding");

    /// `gzip` in a list, but not with a weight of zero (RFC 9110, section 12.5.3).
    private static final Pattern GZIP =
            Pattern.compile(
                    "(?i)(?:^|,)\\s*gzip\\s*(?:;\\s*q\\s*=\\s*(?!0(?:\\.0{0,3})?\\s*(?:,|$))[0-9.]{1,5}\\s*)?(?:,|$)");

    private final Reply reply;
    private final Trail trail;
    private Optional<GZIPOutputStream> packer = Optional.empty();
    private boolean ended;

    PackedReply(Reply reply, Trail trail) {
        this.reply = reply;
        this.trail = trail;
    }

    /// Whether an answer is worth it and the caller takes it so: JSON of known length that nobody has packed. What has no
    /// length may be a stream, and flows as it comes.
    static boolean suits(Call call, ResponseHead head, Framing framing) {
        Fields fields = head.fields();
        boolean isLong = framing instanceof Framing.Length(long bytes) && bytes >= BYTES_MIN;
        boolean plain = !fields.has("Content-Encoding") && !fields.lists("Cache-Control", "no-transform");
        return isLong && plain && head.status() != 206 && isJson(fields) && isTaken(call);
    }

    private static boolean isJson(Fields fields) {
        String type = fields.first("Content-Type").orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.endsWith("+json");
    }

    private static boolean isTaken(Call call) {
        return call.fields().all("Accept-Encoding").stream().anyMatch(value -> GZIP.matcher(value).find());
    }

    @Override
    public Patience patience() {
        return reply.patience();
    }

    /// The packed answer is another representation than the service's own, and its length is not known yet.
    @Override
    public void begin(int status, String reason, Fields fields, Framing framing) {
        Fields packed = fields.without(field -> field.is("ETag") || field.is("Accept-Ranges"));
        for (String tag : fields.all("ETag")) packed = packed.with("ETag", tag.startsWith("W/") ? tag : "W/" + tag);
        reply.begin(status, reason, packed.and(PACKED), new Framing.Chunked());
        try {
            packer = Optional.of(new GZIPOutputStream(new Out(), BUFFER_BYTES, true));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        trail.addBytesOut(-length); // what leaves is what counts, and Out counts it
        pack(out -> out.write(bytes, from, length));
    }

    @Override
    public void flush() {
        pack(OutputStream::flush);
        reply.flush();
    }

    @Override
    public void finish() {
        pack(GZIPOutputStream::finish);
        reply.finish();
    }

    @Override
    public void refuse(Refusal why) {
        reply.refuse(why);
    }

    /// Gives back what packing has taken. What was not finished stays so.
    @Override
    public void close() {
        ended = true;
        pack(OutputStream::close);
    }

    @FunctionalInterface
    private interface Step {
        void on(GZIPOutputStream packer) throws IOException;
    }

    private void pack(Step step) {
        if (packer.isEmpty()) return;
        try {
            step.on(packer.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Towards the client.
    private final class Out extends OutputStream {
        @Override
        public void write(byte[] bytes, int from, int length) {
            if (ended) return;
            trail.addBytesOut(length);
            reply.write(bytes, from, length);
        }

        @Override
        public void write(int octet) {
            write(new byte[] {(byte) octet}, 0, 1);
        }
    }
}
