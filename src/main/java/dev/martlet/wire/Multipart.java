package dev.martlet.wire;

import dev.martlet.Field;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A form (RFC 7578), read as it arrives: each octet is looked at once, and of the content only that of a few short fields is
/// kept. Strict: where two readers could find a boundary in two places, or a name could be understood in two ways, the form
/// is refused.
///
/// ```
///         CRLF? --b          CRLF          CRLF CRLF
///   BEGIN ---------> LINE_END ----> HEAD -----------> CONTENT
///                     |   ^                              |
///                     |   +---------- CRLF --b ----------+
///                     +-- "--" --> CLOSED
/// ```
public final class Multipart {
    private static final String FORM = "multipart/form-data";
    private static final int BOUNDARY_MAX = 70;
    private static final int FIELDS_MAX = 1000;
    private static final int HEAD_BYTES_MAX = 8 << 10;
    private static final int TEXT_BYTES_MAX = 4 << 10;
    private static final String LINE_END = "\r\n";
    private static final int CR_LF = 0x0D0A;
    private static final int HEAD_END = 0x0D0A0D0A;
    private static final int TWO_DASHES = 0x2D2D;
    private static final int NO_BOUNDARY = -1;

    /// A field of a form.
    ///
    /// @param file whether it was sent with a file's name
    /// @param from where in the body its content begins
    /// @param to   where it ends
    /// @param text the content; empty when it is a file's, or not UTF-8
    public record FormField(String name, boolean file, long from, long to, Optional<String> text) {}

    private enum Stage {
        BEGIN,
        LINE_END,
        HEAD,
        CONTENT,
        CLOSED
    }

    private final Set<String> names;
    private final byte[] delimiter;
    private final String delimiterText;
    private final List<FormField> found = new ArrayList<>(2);
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private Stage stage = Stage.BEGIN;
    private long position;
    private int fields;

    /// How much of a boundary has been seen at the beginning of this line.
    private int matched;

    /// Whether this line of the content begins behind CR LF.
    private boolean atLine;

    private byte before;
    private int tail;
    private String name = "";
    private boolean file;
    private boolean kept;
    private long from;

    /// @param contentType the field of the message that has the boundary
    /// @param names       of the fields that are looked for
    /// @throws Malformed if it speaks of no form, or of none that can be split
    public Multipart(String contentType, Set<String> names) throws Malformed {
        this.names = Set.copyOf(names);
        this.delimiterText = "--" + boundary(contentType);
        this.delimiter = delimiterText.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Whether a message of this content type carries a form, well-formed or not.
    public static boolean is(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().equalsIgnoreCase(FORM);
    }

    /// Reads on.
    ///
    /// @throws Malformed if it is no form, or one that could be read in two ways
    public void read(byte[] bytes, int start, int length) throws Malformed {
        for (int i = start; i < start + length && stage != Stage.CLOSED; i++) {
            switch (stage) {
                case BEGIN -> begin(bytes[i]);
                case LINE_END -> lineEnd(bytes[i]);
                case HEAD -> head(bytes[i]);
                case CONTENT -> content(bytes[i]);
                case CLOSED -> throw new IllegalStateException("closed");
            }
            position++;
        }
    }

    /// The fields that were looked for, as far as they have come to their end; in order.
    public List<FormField> found() {
        return List.copyOf(found);
    }

    /// Whether the last boundary has come; what follows it is nobody's.
    public boolean closed() {
        return stage == Stage.CLOSED;
    }

    /// The characters are those of RFC 2046, section 5.1.1.
    private static String boundary(String contentType) throws Malformed {
        Parameters type = new Parameters(contentType);
        if (!type.word().equals(FORM)) throw Malformed.because("the body is not " + FORM);
        String boundary = type.value("boundary").orElse("");
        boolean usual = !boundary.isEmpty() && boundary.length() <= BOUNDARY_MAX && !boundary.endsWith(" ");
        if (usual && boundary.matches("[0-9A-Za-z'()+_,./:=? -]+")) return boundary;
        throw Malformed.because("a form needs a boundary of 1 to " + BOUNDARY_MAX + " characters");
    }

    /// The first boundary; one empty line may stand before it.
    private void begin(byte octet) throws Malformed {
        boolean emptyLine = matched == 0 && position < LINE_END.length();
        if (emptyLine && octet == LINE_END.charAt((int) position)) return;
        boolean halfLine = matched == 0 && position == 1;
        if (halfLine || octet != delimiter[matched]) throw Malformed.because("a form does not begin with its boundary");
        if (++matched == delimiter.length) enter(Stage.LINE_END);
    }

    /// The two octets behind a boundary.
    private void lineEnd(byte octet) throws Malformed {
        tail = (tail << 8) | (octet & 0xFF);
        if (++matched < LINE_END.length()) return;
        boolean last = tail == TWO_DASHES;
        if (!last && tail != CR_LF) throw Malformed.because("a form's boundary does not end its line");
        enter(last ? Stage.CLOSED : Stage.HEAD);
    }

    private void head(byte octet) throws Malformed {
        head.write(octet);
        tail = (tail << 8) | (octet & 0xFF);
        boolean ends = tail == HEAD_END;
        if (!ends && head.size() > HEAD_BYTES_MAX) {
            throw Malformed.because("a form field's head is larger than " + HEAD_BYTES_MAX + " bytes");
        }
        if (!ends) return;
        if (++fields > FIELDS_MAX) throw Malformed.because("a form has more than " + FIELDS_MAX + " fields");
        String lines = head.toString(StandardCharsets.UTF_8);
        if ((LINE_END + lines).contains(LINE_END + delimiterText))
            throw Malformed.because("a form's boundary stands in a field's head");
        Parameters disposition = disposition(lines.substring(0, lines.length() - Integer.BYTES));
        name = disposition.value("name").orElse("");
        file = disposition.value("filename").or(() -> disposition.value("filename*")).isPresent();
        kept = names.contains(name) && !file;
        from = position + 1;
        enter(Stage.CONTENT);
    }

    /// Looks for the next boundary at the beginning of a line. One behind half a line end, or at once behind a head, is
    /// refused: some would see it, and some not. A boundary has no line ends in it, so that nothing is looked at twice.
    private void content(byte octet) throws Malformed {
        if (kept) keep(octet);
        if (matched != NO_BOUNDARY && octet == delimiter[matched]) {
            before = octet;
            if (++matched == delimiter.length) boundary();
            return;
        }
        boolean lineBegins = octet == '\r' || octet == '\n';
        matched = lineBegins ? 0 : NO_BOUNDARY;
        atLine = octet == '\n' && before == '\r';
        before = octet;
    }

    private void keep(byte octet) throws Malformed {
        text.write(octet);
        if (text.size() > TEXT_BYTES_MAX + LINE_END.length() + delimiter.length) {
            throw Malformed.because("`" + name + "` is larger than " + TEXT_BYTES_MAX + " bytes");
        }
    }

    private void boundary() throws Malformed {
        if (!atLine) throw Malformed.because("a form's boundary stands behind no CR LF");
        long to = position + 1 - delimiter.length - LINE_END.length();
        if (names.contains(name))
            found.add(new FormField(name, file, from, to, kept ? text(to - from) : Optional.empty()));
        enter(Stage.LINE_END);
    }

    private Optional<String> text(long length) {
        try {
            ByteBuffer content = ByteBuffer.wrap(text.toByteArray(), 0, Math.toIntExact(length));
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(content).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private void enter(Stage next) {
        stage = next;
        matched = 0;
        tail = 0;
        before = 0;
        atLine = false;
        head.reset();
        text.reset();
    }

    private static Parameters disposition(String head) throws Malformed {
        Optional<Parameters> found = Optional.empty();
        for (String line : head.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            boolean sound = colon > 0 && Field.isToken(line.substring(0, colon)) && line.indexOf('\r') < 0;
            if (!sound || line.indexOf('\n') >= 0) throw Malformed.because("a form field's head is not well-formed");
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("content-transfer-encoding")
                    && !value.toLowerCase(Locale.ROOT).matches("7bit|8bit|binary")) {
                throw Malformed.because("a form field is encoded");
            }
            if (!name.equals("content-disposition")) continue;
            if (found.isPresent()) throw Malformed.because("a form field has two names");
            found = Optional.of(new Parameters(value));
        }
        return checked(found.orElseThrow(() -> Malformed.because("a form field has no name")));
    }

    private static Parameters checked(Parameters disposition) throws Malformed {
        boolean named = disposition.word().equals("form-data") && disposition.value("name").isPresent();
        if (named && !disposition.isEscaped("name") && disposition.value("name*").isEmpty()) return disposition;
        throw Malformed.because("a form field has no plain name");
    }
}
