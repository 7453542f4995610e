package dev.martlet.dialect;

import dev.martlet.wire.Span;

import java.util.Map;
import java.util.TreeMap;

/// Changes to a document that all name their place in it as it was.
final class Edits {
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Edit(Span span, byte[] with) {
        int growth() {
            return with.length - span.length();
        }
    }

    private final byte[] original;
    private final Map<Integer, Edit> edits = new TreeMap<>();

    Edits(byte[] original) {
        this.original = original;
    }

    void replace(Span span, byte[] with) {
        edits.put(span.from(), new Edit(span, with));
    }

    void insert(int at, byte[] what) {
        replace(new Span(at, at), what);
    }

    /// The document with all changes; the same array when there are none.
    byte[] bytes() {
        if (edits.isEmpty()) return original;
        int growth = 0;
        for (Edit edit : edits.values()) growth += edit.growth();
        byte[] edited = new byte[original.length + growth];
        int from = 0;
        int at = 0;
        for (Edit edit : edits.values()) {
            int kept = edit.span().from() - from;
            System.arraycopy(original, from, edited, at, kept);
            System.arraycopy(edit.with(), 0, edited, at + kept, edit.with().length);
            at += kept + edit.with().length;
            from = edit.span().to();
        }
        System.arraycopy(original, from, edited, at, original.length - from);
        return edited;
    }
}
