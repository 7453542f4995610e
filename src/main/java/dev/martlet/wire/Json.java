package dev.martlet.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A JSON document (RFC 8259) that was walked over once, checked as a whole, and not taken apart: it knows where the
/// members that were asked for stand, and nothing of the others.
///
/// Stricter than the grammar: nesting, numbers and names are bounded, and exponents have at most four digits. A byte order
/// mark is refused.
public final class Json {
    public static final int DEPTH_MAX = 1000;
    public static final int NUMBER_BYTES_MAX = 1000;
    public static final int NAME_BYTES_MAX = 50_000;

    private final Optional<Fault> fault;
    private final OptionalInt half;
    private final Value root;
    private final Members members;

    private Json(Optional<Fault> fault, OptionalInt half, Value root, Members members) {
        this.fault = fault;
        this.half = half;
        this.root = root;
        this.members = members;
    }

    /// Walks over a document.
    ///
    /// @param names of the members of the outermost object that are looked for
    public static Json read(byte[] bytes, Span document, Names names) {
        JsonScanner scanner = new JsonScanner(bytes, document.from(), document.to());
        int first = scanner.next();
        int from = scanner.at();
        Members members = new Members(bytes, names);
        boolean sound = first == '{' ? members.walk(scanner) : scanner.value();
        Value root = new Value(bytes, new Span(from, Math.max(from, scanner.at())));
        if (sound && scanner.next() >= 0) sound = scanner.fails("something stands behind the end");
        Optional<Fault> fault = sound ? Optional.empty() : Optional.of(Fault.of(scanner));
        OptionalInt half = scanner.half() < 0 ? OptionalInt.empty() : OptionalInt.of(scanner.half());
        return new Json(fault, half, root, members);
    }

    /// Walks over a document that is all there is.
    public static Json read(byte[] bytes, Names names) {
        return read(bytes, new Span(0, bytes.length), names);
    }

    /// What is wrong with the document. What was found in front of it is still known.
    public Optional<Fault> fault() {
        return fault;
    }

    /// Where the first escape stands that is half of a surrogate pair, and no character (RFC 8259, section 8.2): it may be
    /// the end of a piece of text whose rest comes in the next; empty when there is none.
    public OptionalInt half() {
        return half;
    }

    /// The outermost value; means nothing when there is a fault.
    public Value root() {
        return root;
    }

    /// Members of the outermost object; none when it is not an object.
    public Members members() {
        return members;
    }

    /// A text as a JSON string, quotes included.
    public static byte[] string(String text) {
        return JsonText.quoted(text).getBytes(StandardCharsets.UTF_8);
    }

    /// Why something is not JSON. Says where, and never what stands there.
    ///
    /// @param offset in bytes, from the beginning of the array
    /// @param cut    whether everything up to here is sound, and only the rest is missing
    public record Fault(int offset, String reason, boolean cut) {
        private static Fault of(JsonScanner scanner) {
            return new Fault(scanner.at(), scanner.problem(), scanner.atEnd());
        }
    }

    /// The names of members that somebody looks for.
    public static final class Names {
        public static final Names NONE = new Names();

        private final String[] names;
        private final byte[][] written;

        private Names(String... names) {
            this.names = names;
            this.written = new byte[names.length][];
            for (int i = 0; i < names.length; i++) written[i] = names[i].getBytes(StandardCharsets.UTF_8);
        }

        public static Names of(String... names) {
            return new Names(names.clone());
        }

        /// What is found where there is no object to look in.
        public Members none() {
            return new Members(new byte[0], this);
        }

        private int index(String name) {
            for (int i = 0; i < names.length; i++) {
                if (names[i].equals(name)) return i;
            }
            return -1;
        }

        /// The index of the name that stands here, also when it is written with escapes; -1 for any other.
        private int index(byte[] bytes, int from, int to) {
            for (int i = 0; i < written.length; i++) {
                byte[] name = written[i];
                if (name.length == to - from && Arrays.equals(bytes, from, to, name, 0, name.length)) return i;
            }
            return isEscaped(bytes, from, to) ? index(JsonText.decoded(bytes, from, to)) : -1;
        }

        /// The index of the name that this would be with small letters for capitals; -1 for any other.
        private int like(byte[] bytes, int from, int to) {
            if (isEscaped(bytes, from, to)) return index(JsonText.decoded(bytes, from, to).toLowerCase(Locale.ROOT));
            for (int i = 0; i < written.length; i++) {
                if (written[i].length == to - from && isLike(written[i], bytes, from)) return i;
            }
            return -1;
        }

        private static boolean isLike(byte[] name, byte[] bytes, int from) {
            for (int i = 0; i < name.length; i++) {
                byte octet = bytes[from + i];
                boolean capital = octet >= 'A' && octet <= 'Z';
                if (name[i] != (capital ? octet + ' ' : octet)) return false;
            }
            return true;
        }

        private static boolean isEscaped(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                if (bytes[i] == '\\') return true;
            }
            return false;
        }
    }

    /// Those members of an object that were looked for.
    public static final class Members {
        private static final Value[] NO_VALUES = {};

        private final byte[] bytes;
        private final Names names;
        private Value[] values = NO_VALUES;
        private int count;
        private int unclear = -1;

        private Members(byte[] bytes, Names names) {
            this.bytes = bytes;
            this.names = names;
        }

        private boolean walk(JsonScanner scanner) {
            if (!scanner.opens('{')) return false;
            if (scanner.closes('}')) return true;
            do {
                if (!member(scanner)) return false;
            } while (scanner.continues('}'));
            return scanner.problem().isEmpty();
        }

        private boolean member(JsonScanner scanner) {
            scanner.next();
            int nameFrom = scanner.at() + 1;
            if (!scanner.name()) return false;
            int nameTo = scanner.nameEnd();
            int index = names.index(bytes, nameFrom, nameTo);
            scanner.next();
            int from = scanner.at();
            if (!scanner.value()) return false;
            count++;
            if (index < 0) {
                if (unclear < 0) unclear = names.like(bytes, nameFrom, nameTo);
                return true;
            }
            if (values.length == 0) values = new Value[names.names.length];
            if (values[index] != null && unclear < 0) unclear = index;
            values[index] = new Value(bytes, new Span(from, scanner.at()));
            return true;
        }

        /// The value of a member that was looked for; the last one when there are several.
        ///
        /// @throws IllegalArgumentException if nobody looked for this name
        public Optional<Value> find(String name) {
            int index = names.index(name);
            if (index < 0) throw new IllegalArgumentException(name + " was not looked for");
            return values.length == 0 ? Optional.empty() : Optional.ofNullable(values[index]);
        }

        /// Whether any of those that were looked for says something.
        public boolean sayAnything() {
            for (Value value : values) {
                if (value != null && !value.isEmpty()) return true;
            }
            return false;
        }

        /// The first name that was looked for and stands there more than once, or with capitals, which many read as the same
        /// (encoding/json of Go, System.Text.Json of .NET).
        public Optional<String> unclear() {
            return unclear < 0 ? Optional.empty() : Optional.of(names.names[unclear]);
        }

        /// How many members there are, those included that nobody looked for.
        public int count() {
            return count;
        }
    }

    /// What a value is.
    public enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        BOOLEAN,
        NULL
    }

    /// A value where it stands in the document; sound, because the document was checked.
    public static final class Value {
        private final byte[] bytes;
        private final Span span;

        private Value(byte[] bytes, Span span) {
            this.bytes = bytes;
            this.span = span;
        }

        /// Where it stands: quotes and brackets included, white space around it not.
        public Span span() {
            return span;
        }

        public Kind kind() {
            return switch (bytes[span.from()]) {
                case '{' -> Kind.OBJECT;
                case '[' -> Kind.ARRAY;
                case '"' -> Kind.STRING;
                case 't', 'f' -> Kind.BOOLEAN;
                case 'n' -> Kind.NULL;
                default -> Kind.NUMBER;
            };
        }

        public boolean is(Kind kind) {
            return kind() == kind;
        }

        public boolean isTrue() {
            return bytes[span.from()] == 't';
        }

        /// Whether it says nothing: `null`, or a string, array or object with nothing in it.
        public boolean isEmpty() {
            return switch (kind()) {
                case NULL -> true;
                case STRING -> span.length() == 2;
                case OBJECT, ARRAY -> new JsonScanner(bytes, span.from() + 1, span.to()).next() == closing();
                case NUMBER, BOOLEAN -> false;
            };
        }

        private int closing() {
            return bytes[span.to() - 1];
        }

        /// The text of a string; empty when it is none.
        public Optional<String> text() {
            return is(Kind.STRING)
                    ? Optional.of(JsonText.decoded(bytes, span.from() + 1, span.to() - 1))
                    : Optional.empty();
        }

        /// Whether it is this text, written without escapes.
        public boolean says(String text) {
            if (!is(Kind.STRING) || span.length() != text.length() + 2) return false;
            for (int i = 0; i < text.length(); i++) {
                if (bytes[span.from() + 1 + i] != text.charAt(i)) return false;
            }
            return true;
        }

        /// A whole number of up to 15 digits that is written as such; empty when it is something else.
        public OptionalLong count() {
            if (span.length() > 15) return OptionalLong.empty();
            long number = 0;
            for (int i = span.from(); i < span.to(); i++) {
                if (bytes[i] < '0' || bytes[i] > '9') return OptionalLong.empty();
                number = number * 10 + bytes[i] - '0';
            }
            return OptionalLong.of(number);
        }

        /// The members of an object that are looked for; none when it is no object.
        public Members members(Names names) {
            Members members = new Members(bytes, names);
            if (is(Kind.OBJECT)) members.walk(new JsonScanner(bytes, span.from(), span.to()));
            return members;
        }

        /// The values of an array, each found when it is asked for; none when it is no array.
        public Iterable<Value> elements() {
            return () -> new Elements(this);
        }

        /// The members of an object, each found when it is asked for; none when it is no object.
        public Iterable<Entry> entries() {
            return () -> new Entries(this);
        }
    }

    /// A member of an object where it stands in the document, from its name to the end of its value.
    public record Entry(Span span, String name, Value value) {}

    /// What an array or an object has in it, each found when it is asked for.
    private abstract static class Walk<T> implements Iterator<T> {
        final byte[] bytes;
        final JsonScanner scanner;
        private final char closing;
        private boolean more;

        Walk(Value within, Kind kind, char opening, char closing) {
            this.bytes = within.bytes;
            this.scanner = new JsonScanner(bytes, within.span.from(), within.span.to());
            this.closing = closing;
            this.more = within.is(kind) && scanner.opens(opening) && !scanner.closes(closing);
        }

        abstract T read();

        final Value value() {
            scanner.next();
            int from = scanner.at();
            scanner.value();
            return new Value(bytes, new Span(from, scanner.at()));
        }

        @Override
        public boolean hasNext() {
            return more;
        }

        @Override
        public T next() {
            if (!more) throw new NoSuchElementException();
            T one = read();
            more = scanner.problem().isEmpty() && scanner.continues(closing);
            return one;
        }
    }

    private static final class Entries extends Walk<Entry> {
        Entries(Value object) {
            super(object, Kind.OBJECT, '{', '}');
        }

        @Override
        Entry read() {
            scanner.next();
            int from = scanner.at();
            scanner.name();
            String name = JsonText.decoded(bytes, from + 1, scanner.nameEnd());
            Value value = value();
            return new Entry(new Span(from, value.span.to()), name, value);
        }
    }

    private static final class Elements extends Walk<Value> {
        Elements(Value array) {
            super(array, Kind.ARRAY, '[', ']');
        }

        @Override
        Value read() {
            return value();
        }
    }
}
