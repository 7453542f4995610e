package dev.martlet;

/// One header line: a name as it was written, and its value without the white space around it (RFC 9110, section 5).
/// Values hold one character per octet (ISO 8859-1), so that octets above 0x7F pass unchanged.
///
/// A field that could break the framing of a message cannot be made: whoever writes fields need not look again.
public record Field(String name, String value) {

    /// @throws IllegalArgumentException if the name is not a token or the value has a control character;
    ///         the message names the fault, never the content
    public Field {
        if (!isToken(name)) throw new IllegalArgumentException("a header name has a character that is not allowed");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7F || c > 0xFF) {
                throw new IllegalArgumentException("a header value has a control character");
            }
        }
    }

    /// Whether this field has the given name; names are compared without regard to case.
    public boolean is(String otherName) {
        return name.length() == otherName.length() && name.equalsIgnoreCase(otherName);
    }

    /// Whether this is a token (RFC 9110, section 5.6.2): what names of fields and methods are made of.
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) return false;
        }
        return !text.isEmpty();
    }
}
