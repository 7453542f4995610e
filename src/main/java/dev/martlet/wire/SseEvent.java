package dev.martlet.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One event of a stream (the HTML standard, section 9.2), or a piece of the stream in which there is none to read:
/// comments, and events that are too large.
///
/// The bytes of all events of a stream, one after the other, are the stream.
public final class SseEvent {
    private static final byte[] DATA = bytes("data: ");
    private static final byte[] END = bytes("\n\n");

    private static final int BLANKS_MAX = 8;

    private final byte[] raw;
    private final String name;
    private final byte[] content;
    private final Span data;
    private final Extent extent;

    /// How much of an event it is.
    enum Extent {
        WHOLE,
        /// The stream ended in the middle of it.
        CUT,
        /// A piece of one that is too large; more follows.
        PIECE,
        LAST_PIECE
    }

    /// @param content the bytes in which the data stands: `raw` itself unless the data has more lines than one
    SseEvent(byte[] raw, String name, byte[] content, Span data, Extent extent) {
        this.raw = raw;
        this.name = name;
        this.content = content;
        this.data = data;
        this.extent = extent;
    }

    /// Its bytes exactly as they came, the empty line included.
    public byte[] raw() {
        return raw;
    }

    /// What stands behind `event:`; empty when it has no name.
    public String name() {
        return name;
    }

    /// The bytes in which [#data] stands.
    public byte[] content() {
        return content;
    }

    /// What stands behind `data:`, lines joined with LF; of length zero when there is none.
    public Span data() {
        return data;
    }

    /// Whether it ends with an empty line: only then does something else begin behind it.
    public boolean ended() {
        return extent == Extent.WHOLE || extent == Extent.LAST_PIECE;
    }

    /// Whether it is a piece of an event that is too large to be read. The first piece has its name and how its data begins,
    /// the others have neither.
    public boolean piece() {
        return extent == Extent.PIECE || extent == Extent.LAST_PIECE;
    }

    /// Whether its data is exactly this, but for blanks around it.
    ///
    /// @param text ASCII
    public boolean says(String text) {
        return data.length() >= text.length()
                && data.length() <= text.length() + BLANKS_MAX
                && new String(content, data.from(), data.length(), StandardCharsets.ISO_8859_1).strip().equals(text);
    }

    /// The bytes of this event with a part of its data replaced, and everything else as it came; an event whose data has
    /// several lines is written anew, with its name and data only.
    ///
    /// @param part of [#content], inside one line
    /// @param with something without a line end
    public byte[] replaced(Span part, byte[] with) {
        if (inPlace()) return part.replacedIn(raw, with);
        byte[] edited = part.replacedIn(content, with);
        return SseEvent.of(name, Arrays.copyOfRange(edited, data.from(), data.to() + with.length - part.length()));
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the same array, not one that holds the same
    private boolean inPlace() {
        return content == raw;
    }

    /// An event of our own.
    ///
    /// @param name empty for none
    /// @param data may have several lines, separated with LF
    public static byte[] of(String name, byte[] data) {
        int lines = 1;
        for (byte octet : data) {
            if (octet == '\n') lines++;
        }
        byte[] head = name.isEmpty() ? new byte[0] : bytes("event: " + name + "\n");
        byte[] event = Arrays.copyOf(head, head.length + data.length + lines * DATA.length + END.length);
        int at = put(event, head.length, DATA);
        for (byte octet : data) {
            event[at++] = octet;
            if (octet == '\n') at = put(event, at, DATA);
        }
        put(event, at, END);
        return event;
    }

    /// A comment, which every reader of a stream passes over.
    ///
    /// @param text one line
    public static byte[] comment(String text) {
        return bytes(": " + text + "\n\n");
    }

    private static int put(byte[] into, int at, byte[] part) {
        System.arraycopy(part, 0, into, at, part.length);
        return at + part.length;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
