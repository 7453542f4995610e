package dev.martlet.wire;

import dev.martlet.wire.SseEvent.Extent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Splits a stream into events (the HTML standard, section 9.2): lines end with CR LF, LF or CR, an empty line ends the
/// event. Nothing is lost or changed: an event that is too large comes in pieces that nobody has read.
///
/// Not for more than one thread at a time.
public final class SseReader {
    /// What is read of one event; a larger one passes unread.
    public static final int EVENT_BYTES_MAX = 1 << 20;

    private static final int START_BYTES = 4 << 10;
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Source.Pull pull;
    private final ByteBudget.Lease memory;
    private byte[] buffer = new byte[START_BYTES];
    private int from;
    private int seen;
    private int to;
    private boolean atEnd;

    /// Whether the line that is being read has nothing in it so far.
    private boolean lineEmpty = true;

    /// Whether the byte before was a CR: an LF that follows belongs to it.
    private boolean afterReturn;

    /// Whether something other than line ends came since the last event.
    private boolean anything;

    /// Whether the event that comes is too large, and passes in pieces.
    private boolean inPieces;

    private boolean first = true;

    /// A reader that only the size of one event keeps from holding more.
    public SseReader(Source.Pull pull) {
        this(pull, new ByteBudget(2L * EVENT_BYTES_MAX).lease());
    }

    /// @param memory for what is held of a large event; where there is none, it passes unread
    public SseReader(Source.Pull pull, ByteBudget.Lease memory) {
        this.pull = pull;
        this.memory = memory;
    }

    /// The next event, as soon as its empty line is here; empty at the end of the stream.
    ///
    /// @throws IOException what the source throws; what came of the event that it interrupts is in [#rest]
    public Optional<SseEvent> next() throws IOException {
        while (true) {
            if (endSeen()) return Optional.of(take(inPieces ? Extent.LAST_PIECE : Extent.WHOLE));
            boolean tooLarge = to - from == buffer.length && !grows();
            if (tooLarge || (inPieces && to > from)) return Optional.of(take(Extent.PIECE));
            if (atEnd || !fill()) {
                return to > from ? Optional.of(take(anything ? Extent.CUT : Extent.WHOLE)) : Optional.empty();
            }
        }
    }

    /// What has come of an event that has not ended yet, as it is; of length zero between events.
    public byte[] rest() {
        return Arrays.copyOfRange(buffer, from, to);
    }

    /// Whether a stream that stops here stops between two events, not inside one.
    public boolean betweenEvents() {
        return from == to && !inPieces;
    }

    /// Looks at what has come and was not looked at; whether an event ends in it.
    private boolean endSeen() {
        while (seen < to) {
            byte octet = buffer[seen++];
            if (octet == '\n' && afterReturn) {
                afterReturn = false;
                continue;
            }
            afterReturn = octet == '\r';
            boolean lineEnd = afterReturn || octet == '\n';
            if (lineEnd && lineEmpty && anything) {
                boolean wholeEnd = afterReturn && seen < to && buffer[seen] == '\n';
                if (wholeEnd) seen++;
                afterReturn &= !wholeEnd;
                return true;
            }
            lineEmpty = lineEnd;
            anything |= !lineEnd;
        }
        return false;
    }

    /// Makes room for more of an event; false when it may not have more.
    private boolean grows() {
        int more = Math.min(buffer.length * 2, EVENT_BYTES_MAX);
        if (more == buffer.length || !memory.grow(more)) return false;
        buffer = Arrays.copyOf(buffer, more);
        return true;
    }

    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            seen = 0;
            to = 0;
        } else if (to == buffer.length && from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            seen -= from;
            to -= from;
            from = 0;
        }
        int count = pull.read(buffer, to, buffer.length - to);
        atEnd = count <= 0;
        if (!atEnd) to += count;
        return !atEnd;
    }

    private SseEvent take(Extent extent) {
        byte[] raw = Arrays.copyOfRange(buffer, from, seen);
        from = seen;
        SseEvent event = inPieces ? unread(raw, extent) : new Parser(raw, first).event(extent);
        first = false;
        inPieces = extent == Extent.PIECE;
        if (!inPieces) anything = false;
        if (from == to && buffer.length > START_BYTES) shrink();
        return event;
    }

    /// One large event is no reason to hold so much for the rest of the stream.
    private void shrink() {
        buffer = new byte[START_BYTES];
        from = 0;
        seen = 0;
        to = 0;
        memory.shrink(0);
    }

    private static SseEvent unread(byte[] raw, Extent extent) {
        return new SseEvent(raw, "", raw, new Span(0, 0), extent);
    }

    /// Reads the lines of one event.
    private static final class Parser {
        private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);

        private final byte[] raw;
        private int at;
        private String name = "";
        private int dataLines;
        private byte[] content;
        private Span data = new Span(0, 0);

        Parser(byte[] raw, boolean first) {
            this.raw = raw;
            this.content = raw;
            boolean marked = first && Arrays.equals(raw, 0, Math.min(raw.length, MARK.length), MARK, 0, MARK.length);
            this.at = marked ? MARK.length : 0;
        }

        SseEvent event(Extent extent) {
            while (at < raw.length) {
                int from = at;
                while (at < raw.length && raw[at] != '\n' && raw[at] != '\r') at++;
                line(from, at);
                at++;
            }
            return new SseEvent(raw, name, content, data, extent);
        }

        private void line(int from, int to) {
            int colon = from;
            while (colon < to && raw[colon] != ':') colon++;
            int value = Math.min(colon + 1, to);
            if (value < to && raw[value] == ' ') value++;
            if (is(DATA, from, colon)) add(value, to);
            else if (is(EVENT, from, colon)) name = new String(raw, value, to - value, StandardCharsets.UTF_8);
        }

        private boolean is(byte[] field, int from, int to) {
            return Arrays.equals(raw, from, to, field, 0, field.length);
        }

        /// Joins lines in a copy, which is made for the second one and is never larger than what it is made of.
        private void add(int from, int to) {
            if (++dataLines == 1) {
                data = new Span(from, to);
                return;
            }
            if (dataLines == 2) {
                content = new byte[raw.length];
                System.arraycopy(raw, data.from(), content, 0, data.length());
            }
            int end = data.length();
            content[end] = '\n';
            System.arraycopy(raw, from, content, end + 1, to - from);
            data = new Span(0, end + 1 + to - from);
        }
    }
}
