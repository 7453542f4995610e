package dev.martlet.wire;

import dev.martlet.Field;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A header value with parameters (RFC 9110, section 5.6.6): `form-data; name="model"`. Strict: what two readers could
/// understand in two ways is refused.
final class Parameters {
    private final String text;
    private final String word;
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> escaped = new HashSet<>();
    private int at;

    /// @throws Malformed if it is none, or names a parameter twice
    Parameters(String text) throws Malformed {
        this.text = text;
        int end = text.indexOf(';');
        this.word = (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        this.at = end < 0 ? text.length() : end;
        while (skipSpaces() < text.length()) parameter();
    }

    /// What stands in front of the parameters, in lower case.
    String word() {
        return word;
    }

    /// @param name in lower case
    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /// Whether the value of a parameter has an escape in it: not everybody resolves those.
    ///
    /// @param name in lower case
    boolean isEscaped(String name) {
        return escaped.contains(name);
    }

    private void parameter() throws Malformed {
        if (text.charAt(at++) != ';') throw Malformed.because("a header's parameters are not separated by semicolons");
        if (skipSpaces() == text.length()) return;
        int equals = text.indexOf('=', at);
        if (equals < 0) throw Malformed.because("a header's parameter has no value");
        String name = text.substring(at, equals).toLowerCase(Locale.ROOT);
        if (!Field.isToken(name)) throw Malformed.because("a header's parameter has no name");
        at = equals + 1;
        String value = at < text.length() && text.charAt(at) == '"' ? quoted(name) : plain();
        if (values.put(name, value) != null) throw Malformed.because("a header has the same parameter twice");
    }

    private String plain() throws Malformed {
        int from = at;
        while (at < text.length() && text.charAt(at) != ';' && text.charAt(at) != ' ') at++;
        String value = text.substring(from, at);
        boolean usual = !value.isEmpty() && value.chars().noneMatch(c -> c == '"' || c == '\\' || c < ' ' || c == 0x7F);
        if (!usual) throw Malformed.because("a header's parameter has a value that needs quotes");
        return value;
    }

    private String quoted(String name) throws Malformed {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                escaped.add(name);
                c = text.charAt(++at);
            }
            if (c < ' ' || c == 0x7F) throw Malformed.because("a header's parameter has a control character");
            value.append(c);
        }
        throw Malformed.because("a header's parameter has no closing quote");
    }

    private int skipSpaces() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) at++;
        return at;
    }
}
