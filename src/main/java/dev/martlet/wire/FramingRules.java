package dev.martlet.wire;

import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.wire.Http1.Framing;

import java.util.List;
import java.util.Optional;

/// Where a head says that its body ends (RFC 9112, section 6). One way to say it, once, or the message is refused:
/// every smuggled request began as a body with two ends.
final class FramingRules {
    private static final int LENGTH_DIGITS_MAX = 18;

    private FramingRules() {}

    static Optional<Framing> declared(int minor, Fields fields) throws Malformed {
        List<String> codings = fields.all("Transfer-Encoding");
        List<String> lengths = fields.all("Content-Length");
        if (codings.isEmpty() && lengths.isEmpty()) return Optional.empty();
        if (codings.isEmpty()) return Optional.of(length(lengths));
        if (!lengths.isEmpty()) throw Malformed.because("there are both Content-Length and Transfer-Encoding");
        if (minor == 0) throw Malformed.because("HTTP/1.0 has no Transfer-Encoding");
        if (codings.size() > 1) throw Malformed.because("there is more than one Transfer-Encoding");
        if (!codings.getFirst().equalsIgnoreCase("chunked")) {
            throw new Malformed(501, "the Transfer-Encoding is not chunked");
        }
        return Optional.of(new Framing.Chunked());
    }

    /// White space behind a framing value is legal and read differently by different servers.
    static void checkNoTrailingBlank(Field field) throws Malformed {
        if (field.is("Content-Length") || field.is("Transfer-Encoding")) {
            throw Malformed.because("there is white space behind " + field.name());
        }
    }

    private static Framing length(List<String> lengths) throws Malformed {
        String digits = lengths.getFirst();
        boolean number =
                !digits.isEmpty()
                        && digits.length() <= LENGTH_DIGITS_MAX
                        && Characters.allOf(digits, Characters::isDigit)
                        && (digits.length() == 1 || digits.charAt(0) != '0');
        if (lengths.size() > 1) throw Malformed.because("there is more than one Content-Length");
        if (!number) throw Malformed.because("the Content-Length is not a plain number");
        return new Framing.Length(Long.parseLong(digits));
    }
}
