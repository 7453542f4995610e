package dev.martlet.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Walks over JSON once, front to back, and checks every byte against RFC 8259. Makes no object of what it passes, and
/// does not recurse: how deep a value nests is a number here, never a stack.
///
/// Each step says whether it succeeded; after the first that did not, [#problem] and [#at] say what is wrong and where.
final class JsonScanner {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = ONES << 7;
    private static final int KINDS_A_WORD = Long.SIZE;
    private static final long[] NONE = {};
    private static final int EXPONENT_DIGITS_MAX = 4;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int depth;
    private int nameEnd;
    private String problem = "";
    private int half = -1;

    /// Whether the last [#begin] has opened something that is not empty: its first value comes next.
    private boolean open;

    /// One bit a level: whether it is an object. Most documents need no second word.
    private long kinds;

    private long[] deeperKinds = NONE;

    JsonScanner(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    int at() {
        return at;
    }

    /// Why a step failed; empty as long as none has.
    String problem() {
        return problem;
    }

    /// Where the first half of a surrogate pair stands without the other one, as an escape; -1 for none.
    int half() {
        return half;
    }

    /// Whether there is nothing left to read.
    boolean atEnd() {
        return at >= end;
    }

    /// Passes white space; the byte behind it, which is not taken, or -1 at the end.
    int next() {
        while (at < end) {
            byte octet = bytes[at];
            if (octet > ' ') return octet;
            if (octet != ' ' && octet != '\n' && octet != '\r' && octet != '\t') return octet & 0xFF;
            at++;
        }
        return -1;
    }

    /// Takes the next byte behind white space if it is this one.
    boolean takes(char expected) {
        if (next() != expected) return false;
        at++;
        return true;
    }

    boolean fails(String why) {
        return failsAt(at, why);
    }

    private boolean failsAt(int offset, String why) {
        at = offset;
        problem = offset >= end ? "it ends too early" : why;
        return false;
    }

    /// Takes the beginning of an object or array of which the caller passes the parts itself.
    boolean opens(char bracket) {
        if (!takes(bracket)) return fails("an object or array is expected");
        return enter(bracket == '{');
    }

    /// Takes what stands behind a part: true at a comma, false at the closing bracket or at anything else, a problem.
    boolean continues(char bracket) {
        if (takes(',')) return true;
        if (takes(bracket)) {
            depth--;
            return false;
        }
        return fails("a comma or a closing bracket is expected");
    }

    /// Takes the closing bracket of something empty.
    boolean closes(char bracket) {
        if (!takes(bracket)) return false;
        depth--;
        return true;
    }

    /// Passes the name of a member and its colon. The name, without quotes, begins at the offset that was [#at] plus one,
    /// white space passed, and ends before [#nameEnd].
    boolean name() {
        if (next() != '"') return fails("a name in quotes is expected");
        int from = ++at;
        if (!string()) return false;
        nameEnd = at - 1;
        if (nameEnd - from > Json.NAME_BYTES_MAX) {
            return failsAt(from, "a name is longer than " + Json.NAME_BYTES_MAX + " bytes");
        }
        return takes(':') || fails("a colon is expected");
    }

    int nameEnd() {
        return nameEnd;
    }

    /// Passes one value with everything in it.
    boolean value() {
        int outer = depth;
        do {
            if (!begin()) return false;
            if (open) continue;
            while (depth > outer && !more()) {
                if (!problem.isEmpty()) return false;
            }
            if (depth == outer) return true;
        } while (true);
    }

    /// Takes a value without parts, or the beginning of one with parts.
    private boolean begin() {
        open = false;
        int first = next();
        return switch (first) {
            case '"' -> {
                at++;
                yield string();
            }
            case '{' -> beginObject();
            case '[' -> beginArray();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> fails("a value is expected");
        };
    }

    private boolean beginObject() {
        at++;
        if (!enter(true)) return false;
        if (closes('}')) return true;
        open = true;
        return name();
    }

    private boolean beginArray() {
        at++;
        if (!enter(false)) return false;
        open = !closes(']');
        return true;
    }

    private boolean enter(boolean object) {
        if (depth == Json.DEPTH_MAX) return failsAt(at - 1, "it nests deeper than " + Json.DEPTH_MAX);
        if (depth < KINDS_A_WORD) {
            kinds = with(kinds, object);
        } else {
            if (deeperKinds.length == 0) deeperKinds = new long[Json.DEPTH_MAX / KINDS_A_WORD];
            int word = depth / KINDS_A_WORD - 1;
            deeperKinds[word] = with(deeperKinds[word], object);
        }
        depth++;
        return true;
    }

    private long with(long word, boolean object) {
        long bit = 1L << depth;
        return object ? word | bit : word & ~bit;
    }

    /// Behind a value inside something: true when another comes, false when that was the last, or at a problem.
    private boolean more() {
        int level = depth - 1;
        long word = level < KINDS_A_WORD ? kinds : deeperKinds[level / KINDS_A_WORD - 1];
        boolean object = (word & 1L << level) != 0;
        return continues(object ? '}' : ']') && (!object || name());
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= end || bytes[at + i] != word.charAt(i)) return failsAt(at + i, "a value is expected");
        }
        at += word.length();
        return true;
    }

    private boolean number() {
        int from = at;
        if (bytes[at] == '-') at++;
        if (at < end && bytes[at] == '0') at++;
        else if (digits() == 0) return fails("a digit is expected");
        if (at < end && bytes[at] == '.') {
            at++;
            if (digits() == 0) return fails("a digit is expected");
        }
        if (at < end && (bytes[at] | 0x20) == 'e' && !exponent()) return false;
        if (at - from <= Json.NUMBER_BYTES_MAX) return true;
        return failsAt(from, "a number is longer than " + Json.NUMBER_BYTES_MAX + " bytes");
    }

    private boolean exponent() {
        at++;
        if (at < end && (bytes[at] == '+' || bytes[at] == '-')) at++;
        int from = at;
        int count = digits();
        if (count == 0) return fails("a digit is expected");
        return count <= EXPONENT_DIGITS_MAX
                || failsAt(from, "an exponent has more than " + EXPONENT_DIGITS_MAX + " digits");
    }

    private int digits() {
        int i = at;
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') i++;
        int count = i - at;
        at = i;
        return count;
    }

    /// Passes a string whose opening quote was taken.
    private boolean string() {
        while (true) {
            at = plainEnd(at);
            if (at >= end) return fails("");
            byte octet = bytes[at];
            if (octet == '"') {
                at++;
                return true;
            }
            if (octet < 0 ? !beyondAscii() : !unusual(octet)) return false;
        }
    }

    private boolean unusual(byte octet) {
        return octet == '\\' ? escape() : fails("a string has a control character");
    }

    /// Where the plain ASCII that begins here ends: at a quote, a backslash, a control character, or the first byte of a
    /// longer character. Eight bytes at a time; the lowest marked one is the first (little-endian), those above may be false.
    private int plainEnd(int from) {
        int i = from;
        while (i <= end - Long.BYTES) {
            long word = (long) LONGS.get(bytes, i);
            long quotes = word ^ ONES * '"';
            long backslashes = word ^ ONES * '\\';
            long marked = (below(word, ONES * ' ') | below(quotes, ONES) | below(backslashes, ONES) | word) & HIGHS;
            if (marked != 0) return i + Long.numberOfTrailingZeros(marked) / Byte.SIZE;
            i += Long.BYTES;
        }
        while (i < end && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') i++;
        return i;
    }

    /// Marks, in the highest bit of each byte, whether the byte of the word is less than that of the limit.
    private static long below(long word, long limit) {
        return (word - limit) & ~word;
    }

    private boolean escape() {
        if (at + 1 >= end) return failsAt(end, "");
        switch (bytes[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at += 2;
            case 'u' -> {
                return unicode();
            }
            default -> {
                return fails("an escape that JSON does not have");
            }
        }
        return true;
    }

    /// An escape of four digits, or two of them that are one character. Half of a pair is noted and passed.
    private boolean unicode() {
        int unit = hex(at + 2);
        if (unit < 0) return false;
        int pairEnd = Character.isHighSurrogate((char) unit) ? pairEnd() : at;
        if (!problem.isEmpty()) return false;
        if (pairEnd == at && Character.isSurrogate((char) unit) && half < 0) half = at;
        at = Math.max(pairEnd, at + 6);
        return true;
    }

    /// Behind the low half that follows, or here when none does.
    private int pairEnd() {
        if (at + 7 >= end || bytes[at + 6] != '\\' || bytes[at + 7] != 'u') return at;
        return Character.isLowSurrogate((char) hex(at + 8)) ? at + 12 : at;
    }

    /// The value of four hexadecimal digits, -1 when they are not there.
    private int hex(int from) {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < end && bytes[i] > 0 ? Character.digit(bytes[i], 16) : -1;
            if (digit < 0) {
                failsAt(i, "a hexadecimal digit is expected");
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /// Passes characters of two to four bytes: their shortest form only, no surrogates, none above U+10FFFF (RFC 3629).
    private boolean beyondAscii() {
        while (at < end && bytes[at] < 0) {
            int first = bytes[at] & 0xFF;
            int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
            if (length == 0) return fails("it is not UTF-8");
            for (int i = 1; i < length; i++) {
                if (at + i >= end) return failsAt(end, "");
                int octet = bytes[at + i] & 0xFF;
                if (i == 1 ? !follows(first, octet) : octet >> 6 != 0b10) return fails("it is not UTF-8");
            }
            at += length;
        }
        return true;
    }

    private static boolean follows(int first, int second) {
        int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        return second >= least && second <= most;
    }
}
