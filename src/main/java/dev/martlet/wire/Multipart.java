package dev.martlet.wire;

import dev.martlet.Field;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The fields of a form (RFC 7578), as far as they are in the bytes that are here. Strict: where two readers could find a
/// boundary in two places, or a name could be understood in two ways, the form is refused.
///
/// @param fields in order; the last one may have no end yet
/// @param closed whether the last boundary is there
public record Multipart(List<FormField> fields, boolean closed) {
    private static final int BOUNDARY_MAX = 70;
    private static final int FIELDS_MAX = 1000;
    private static final int HEAD_BYTES_MAX = 8 << 10;
    private static final byte[] HEAD_END = bytes("\r\n\r\n");

    /// A field of a form.
    ///
    /// @param file    whether it was sent with a file's name
    /// @param content its bytes, as far as they are here
    /// @param whole   whether they are all here
    public record FormField(String name, boolean file, Span content, boolean whole) {}

    public Multipart {
        fields = List.copyOf(fields);
    }

    /// Splits a form.
    ///
    /// @param contentType the field of the message that has the boundary
    /// @param bytes       the whole body, or how it begins
    /// @throws Malformed if it is no form, or one that could be read in two ways
    public static Multipart read(String contentType, byte[] bytes) throws Malformed {
        Reader reader = new Reader(bytes, delimiter(contentType));
        return new Multipart(reader.fields(), reader.closed);
    }

    /// The characters are those of RFC 2046, section 5.1.1.
    private static byte[] delimiter(String contentType) throws Malformed {
        Parameters type = new Parameters(contentType);
        if (!type.word().equals("multipart/form-data")) throw Malformed.because("the body is not multipart/form-data");
        String boundary = type.value("boundary").orElse("");
        boolean usual = !boundary.isEmpty() && boundary.length() <= BOUNDARY_MAX && !boundary.endsWith(" ");
        if (!usual || !boundary.matches("[0-9A-Za-z'()+_,./:=? -]+")) {
            throw Malformed.because("a form needs a boundary of 1 to " + BOUNDARY_MAX + " characters");
        }
        return bytes("--" + boundary);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Goes from boundary to boundary.
    private static final class Reader {
        private final byte[] bytes;
        private final byte[] delimiter;
        private final List<FormField> fields = new ArrayList<>();
        private boolean closed;
        private int at;

        Reader(byte[] bytes, byte[] delimiter) {
            this.bytes = bytes;
            this.delimiter = delimiter;
        }

        List<FormField> fields() throws Malformed {
            if (startsWith(0, "\r\n")) at = 2;
            int seen = Math.min(delimiter.length, Math.max(0, bytes.length - at));
            if (!Arrays.equals(bytes, at, at + seen, delimiter, 0, seen)) {
                throw Malformed.because("a form does not begin with its boundary");
            }
            boolean more = seen == delimiter.length && passes(at);
            while (more) more = field();
            return fields;
        }

        /// Takes a boundary and the rest of its line; false when that is the last one, or not here yet.
        private boolean passes(int boundary) throws Malformed {
            at = boundary + delimiter.length;
            if (bytes.length < at + 2) return false;
            closed = startsWith(at, "--");
            if (!closed && !startsWith(at, "\r\n")) throw Malformed.because("a form's boundary does not end its line");
            at += 2;
            return !closed;
        }

        private boolean field() throws Malformed {
            int end = indexOf(HEAD_END, at);
            int seen = end < 0 ? bytes.length : end;
            if (seen - at > HEAD_BYTES_MAX) {
                throw Malformed.because("a form field's head is larger than " + HEAD_BYTES_MAX + " bytes");
            }
            if (end < 0) return false;
            if (fields.size() == FIELDS_MAX) throw Malformed.because("a form has more than " + FIELDS_MAX + " fields");
            Parameters disposition = disposition(new String(bytes, at, end - at, StandardCharsets.UTF_8));
            int from = end + HEAD_END.length;
            int next = boundary(from);
            boolean whole = next >= 0;
            Span content = new Span(from, whole ? next - 2 : bytes.length);
            boolean file = disposition.value("filename").or(() -> disposition.value("filename*")).isPresent();
            fields.add(new FormField(disposition.value("name").orElse(""), file, content, whole));
            return whole && passes(next);
        }

        private static Parameters disposition(String head) throws Malformed {
            Optional<Parameters> found = Optional.empty();
            for (String line : head.split("\r\n", -1)) {
                int colon = line.indexOf(':');
                boolean sound = colon > 0 && Field.isToken(line.substring(0, colon)) && line.indexOf('\r') < 0;
                if (!sound || line.indexOf('\n') >= 0)
                    throw Malformed.because("a form field's head is not well-formed");
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

        /// The next boundary at the beginning of a line; -1 when there is none. One behind half a line end is refused: some
        /// would see it, and some not.
        private int boundary(int from) throws Malformed {
            for (int i = indexOf(delimiter, from); i >= 0; i = indexOf(delimiter, i + 1)) {
                boolean lineBegins = i > from && (bytes[i - 1] == '\n' || bytes[i - 1] == '\r');
                if (i == from || (lineBegins && !(i >= from + 2 && startsWith(i - 2, "\r\n")))) {
                    throw Malformed.because("a form's boundary stands behind no CR LF");
                }
                if (lineBegins) return i;
            }
            return -1;
        }

        private boolean startsWith(int from, String text) {
            if (bytes.length < from + text.length()) return false;
            for (int i = 0; i < text.length(); i++) {
                if (bytes[from + i] != text.charAt(i)) return false;
            }
            return true;
        }

        private int indexOf(byte[] part, int from) {
            for (int i = from; i <= bytes.length - part.length; i++) {
                if (bytes[i] == part[0] && Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) return i;
            }
            return -1;
        }
    }
}
