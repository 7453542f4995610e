package dev.martlet.dialect;

import dev.martlet.wire.Span;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Changes to a document that all name their place in it as it was.
final class Edits {
    /// There may be very many of them: as many as a caller's body has messages.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Edit(int from, int to, byte[] with) {
        int growth() {
            return with.length - (to - from);
        }
    }

    private final byte[] original;
    private final List<Edit> edits = new ArrayList<>(4);

    Edits(byte[] original) {
        this.original = original;
    }

    void replace(Span span, byte[] with) {
        edits.add(new Edit(span.from(), span.to(), with));
    }

    void insert(int at, byte[] what) {
        replace(new Span(at, at), what);
    }

    /// The document with all changes; the same array when there are none.
    byte[] bytes() {
        if (edits.isEmpty()) return original;
        edits.sort(Comparator.comparingInt(Edit::from));
        int growth = 0;
        for (Edit edit : edits) growth += edit.growth();
        byte[] edited = new byte[original.length + growth];
        int from = 0;
        int at = 0;
        for (Edit edit : edits) {
            int kept = edit.from() - from;
            System.arraycopy(original, from, edited, at, kept);
            System.arraycopy(edit.with(), 0, edited, at + kept, edit.with().length);
            at += kept + edit.with().length;
            from = edit.to();
        }
        System.arraycopy(original, from, edited, at, original.length - from);
        return edited;
    }
}
