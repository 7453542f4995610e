package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.OptionalInt;

/// What the pieces of a tool call have said so far of which call it is.
final class CallMark {
    private final int index;
    private String id;
    private boolean identified;
    private String name = "";
    private final Brackets brackets = new Brackets();

    /// @param position among the calls of its message
    CallMark(Piece first, int position) {
        this.index = first.index().orElse(position);
        this.id = "call_" + position;
    }

    /// What one piece says of it.
    ///
    /// @param id   empty for none, so is the name
    /// @param text what it adds to the arguments
    record Piece(OptionalInt index, String id, String name, String text) {
        static Piece of(ObjectNode piece) {
            JsonNode index = piece.path("index");
            JsonNode what = piece.path("custom").isObject() ? piece.path("custom") : piece.path("function");
            JsonNode arguments = what.path("arguments");
            return new Piece(
                    index.isInt() ? OptionalInt.of(index.intValue()) : OptionalInt.empty(),
                    piece.path("id").asText(""),
                    what.path("name").asText(""),
                    arguments.isContainerNode() ? arguments.toString() : arguments.asText(""));
        }

        /// Whether it says nothing of which call it is.
        boolean isMute() {
            return index.isEmpty() && id.isEmpty() && name.isEmpty();
        }
    }

    /// How many brackets of a JSON text are open, as far as it came.
    private static final class Brackets {
        private int open;
        private boolean any;
        private boolean quoted;
        private boolean escaped;

        void read(String piece) {
            for (int i = 0; i < piece.length(); i++) read(piece.charAt(i));
        }

        private void read(char c) {
            if (escaped) escaped = false;
            else if (c == '"') quoted = !quoted;
            else if (quoted) escaped = c == '\\';
            else if (c == '{' || c == '[') {
                open++;
                any = true;
            } else if (c == '}' || c == ']') open--;
        }

        boolean none() {
            return any && open <= 0;
        }
    }

    /// The provider's, or one that depends on its place only: whoever answers a call names its id.
    String id() {
        return id;
    }

    String name() {
        return name;
    }

    /// Whether the arguments are an object from its beginning to its end: then nothing can follow.
    boolean isWhole() {
        return brackets.none();
    }

    boolean isAt(Piece piece) {
        return piece.index().isEmpty() || piece.index().getAsInt() == index;
    }

    boolean hasId(Piece piece) {
        return identified && piece.id().equals(id);
    }

    /// Whether a piece that stands at its place, and has not its id, begins another call. Each call is named once: where
    /// that is said without an index, with another id, or with arguments behind such that are whole, it is another.
    boolean isOther(Piece piece) {
        if (piece.name().isEmpty() || (piece.index().isPresent() && name.isEmpty())) return false;
        boolean otherId = identified && !piece.id().isEmpty();
        return piece.index().isEmpty() || otherId || (isWhole() && !piece.text().isBlank());
    }

    void add(Piece piece) {
        if (!identified && !piece.id().isEmpty()) {
            id = piece.id();
            identified = true;
        }
        if (name.isEmpty()) name = piece.name();
        brackets.read(piece.text());
    }
}
