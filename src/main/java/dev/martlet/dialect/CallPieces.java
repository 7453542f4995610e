package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// The calls of tools of a stream in the hub's dialect, which come in pieces. OpenAI tells the pieces of one call from those
/// of another by their `index`; others leave it out or say the same one each time, and send calls whole, with an id or
/// without, or name the calls first and go on in their order (Ollama, vLLM, Gemini's endpoint, Kimi).
final class CallPieces<C extends CallPieces.Growing> {
    private static final int CALLS_MAX = 1024;

    private final Function<CallMark, C> begin;
    private final List<CallMark> marks = new ArrayList<>(1);
    private final List<C> calls = new ArrayList<>(1);

    /// A call as it grows.
    interface Growing {
        void add(ObjectNode piece) throws Garbled;
    }

    CallPieces(Function<CallMark, C> begin) {
        this.begin = begin;
    }

    /// Takes what a delta has under `tool_calls`. Of pieces that do not say which call they are, the last goes to the last
    /// call, the one before it to the one before.
    void take(JsonNode pieces) throws Garbled {
        List<CallMark.Piece> said = new ArrayList<>(pieces.size());
        for (int i = 0; i < pieces.size(); i++) said.add(CallMark.Piece.of(piece(pieces, i)));
        int mute = (int) said.stream().filter(CallMark.Piece::isMute).count();
        for (int i = 0; i < said.size(); i++) {
            boolean goesOn = said.get(i).isMute() && !calls.isEmpty();
            int position = goesOn ? Math.max(0, calls.size() - mute--) : position(said.get(i));
            marks.get(position).add(said.get(i));
            calls.get(position).add(piece(pieces, i));
        }
    }

    private static ObjectNode piece(JsonNode pieces, int i) throws Garbled {
        return Shape.object(pieces.path(i), "a piece of a tool call");
    }

    /// Where the call stands that a piece belongs to: the one with its id, else the last one at its place, else a new one.
    private int position(CallMark.Piece piece) throws Garbled {
        int last = -1;
        for (int i = marks.size() - 1; i >= 0; i--) {
            if (!marks.get(i).isAt(piece)) continue;
            if (marks.get(i).hasId(piece)) return i;
            if (last < 0) last = i;
            if (piece.id().isEmpty()) break;
        }
        return last < 0 || marks.get(last).isOther(piece) ? begun(piece) : last;
    }

    private int begun(CallMark.Piece first) throws Garbled {
        if (calls.size() == CALLS_MAX) throw new Garbled("too many tools are called");
        CallMark mark = new CallMark(first, calls.size());
        marks.add(mark);
        calls.add(begin.apply(mark));
        return calls.size() - 1;
    }

    /// All of them, in the order in which they began.
    List<C> calls() {
        return Collections.unmodifiableList(calls);
    }
}
