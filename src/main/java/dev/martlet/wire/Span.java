package dev.martlet.wire;

/// A part of some bytes: from the first offset up to, and without, the second.
public record Span(int from, int to) {

    public int length() {
        return to - from;
    }

    /// The bytes with others in the place of this part; everything else is as it was.
    public byte[] replacedIn(byte[] bytes, byte[] with) {
        byte[] replaced = new byte[bytes.length - length() + with.length];
        System.arraycopy(bytes, 0, replaced, 0, from);
        System.arraycopy(with, 0, replaced, from, with.length);
        System.arraycopy(bytes, to, replaced, from + with.length, bytes.length - to);
        return replaced;
    }
}
