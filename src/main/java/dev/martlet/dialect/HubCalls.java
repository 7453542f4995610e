package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The calls of tools of a stream of the hub, which come in pieces, and may come mixed.
final class HubCalls {
    private static final int CALLS_MAX = 1024;
    private static final int CHARS_MAX = 16 << 20;

    private final List<Call> calls = new ArrayList<>();
    private int passed;
    private int chars;

    /// A call as far as it came.
    static final class Call {
        private final int index;
        private final StringBuilder arguments = new StringBuilder();
        private final Brackets brackets = new Brackets();
        private String id;
        private String name = "";
        private JsonNode extra = JsonNodeFactory.instance.missingNode();
        private int taken;

        private Call(int index, int position) {
            this.index = index;
            this.id = "call_" + position;
        }

        /// The provider's, or one that depends on its place only.
        String id() {
            return id;
        }

        String name() {
            return name;
        }

        /// What only one vendor says of a call, in its words.
        ObjectNode more(String vendor) {
            return extra.path(vendor) instanceof ObjectNode more ? more : JsonNodeFactory.instance.objectNode();
        }

        boolean isNamed() {
            return !name.isEmpty();
        }

        /// What came of the arguments since the last time.
        String taken() {
            String more = arguments.substring(taken);
            taken = arguments.length();
            return more;
        }

        /// Whether the arguments are an object from its beginning to its end: then nothing can follow.
        boolean isWhole() {
            return brackets.none();
        }

        private void append(String piece) {
            arguments.append(piece);
            brackets.read(piece);
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

    /// The id of a `function_call`, which has none: whoever answers it names the function only.
    static String idOf(JsonNode function) {
        return "call_" + function.path("name").asText("");
    }

    /// Takes a piece of a `function_call`, of which there is only one.
    void takeOnly(ObjectNode function) throws Garbled {
        ObjectNode piece = function.objectNode().put("index", 0).set("function", function);
        if (function.path("name").isTextual()) piece.put("id", idOf(function));
        take(piece);
    }

    /// Takes a piece: an element of a delta's `tool_calls`. Its index says which call it belongs to; where that is missing,
    /// or the same for all, a name and an id of its own make it the first of another.
    void take(ObjectNode piece) throws Garbled {
        JsonNode function = piece.path("function");
        String id = Shape.some(piece.path("id")).orElse("");
        String name = function.path("name").asText("");
        Call call = of(piece.path("index"), id, !name.isEmpty());
        if (!id.isEmpty()) call.id = id;
        if (!call.isNamed()) call.name = name;
        if (piece.path("extra_content").isObject()) call.extra = piece.path("extra_content");
        JsonNode written = function.path("arguments");
        String arguments = written.isObject() ? ToolInput.written(written) : written.asText("");
        chars += arguments.length();
        if (chars > CHARS_MAX) throw new Garbled("the arguments of tool calls are too large");
        call.append(arguments);
    }

    private Call of(JsonNode index, String id, boolean named) throws Garbled {
        for (Call call : calls.reversed()) {
            boolean another = named && call.isNamed() && !id.isEmpty() && !call.id.equals(id);
            boolean same = index.isInt() ? call.index == index.intValue() : !named || call.id.equals(id);
            if (same && !another) return call;
        }
        return begun(index.asInt(calls.size()));
    }

    private Call begun(int index) throws Garbled {
        if (calls.size() == CALLS_MAX) throw new Garbled("too many tools are called");
        Call call = new Call(index, calls.size());
        calls.add(call);
        return call;
    }

    boolean any() {
        return !calls.isEmpty();
    }

    /// The first call that was not passed.
    Optional<Call> next() {
        return passed < calls.size() ? Optional.of(calls.get(passed)) : Optional.empty();
    }

    void pass() {
        passed++;
    }
}
