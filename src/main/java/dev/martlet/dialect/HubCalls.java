package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;

/// The calls of tools of a stream of the hub, one behind the other though they may come mixed.
final class HubCalls {
    private final Kept kept = new Kept();
    private final CallPieces<Call> calls = new CallPieces<>(Call::new);
    private int passed;

    /// A call as far as it came.
    final class Call implements CallPieces.Growing {
        private final CallMark mark;
        private final StringBuilder arguments = new StringBuilder();
        private JsonNode extra = JsonNodeFactory.instance.missingNode();
        private int taken;

        private Call(CallMark mark) {
            this.mark = mark;
        }

        @Override
        public void add(ObjectNode piece) throws Garbled {
            if (piece.path("extra_content").isObject()) extra = piece.path("extra_content");
            JsonNode written = piece.path("function").path("arguments");
            String more = written.isObject() ? ToolInput.written(written) : written.asText("");
            kept.addJson(more);
            if (!(arguments.isEmpty() && ToolInput.saysNull(more))) arguments.append(more);
        }

        String id() {
            return mark.id();
        }

        String name() {
            return mark.name();
        }

        /// What only one vendor says of a call, in its words.
        ObjectNode more(String vendor) {
            return extra.path(vendor) instanceof ObjectNode more ? more : JsonNodeFactory.instance.objectNode();
        }

        boolean isNamed() {
            return !name().isEmpty();
        }

        /// What came of the arguments since the last time.
        String taken() {
            String more = arguments.substring(taken);
            taken = arguments.length();
            return more;
        }

        /// Whether the arguments are an object from its beginning to its end: then nothing can follow.
        boolean isWhole() {
            return mark.isWhole();
        }
    }

    /// The id of a `function_call`, which has none: whoever answers it names the function only.
    static String idOf(JsonNode function) {
        return "call_" + function.path("name").asText("");
    }

    /// The id of a call, which some leave out: then one that depends on its place only.
    static String idOf(JsonNode call, int place) {
        return Shape.some(call.path("id")).orElse("call_" + place);
    }

    /// Takes what a delta says of calls: pieces under `tool_calls`, or of the only one there can be under `function_call`.
    void take(JsonNode delta) throws Garbled {
        calls.take(delta.path("tool_calls"));
        if (!(delta.path("function_call") instanceof ObjectNode function)) return;
        ObjectNode piece = function.objectNode().put("index", 0).set("function", function);
        if (function.path("name").isTextual()) piece.put("id", idOf(function));
        calls.take(function.arrayNode().add(piece));
    }

    boolean any() {
        return !calls.calls().isEmpty();
    }

    /// The first call that was not passed.
    Optional<Call> next() {
        return passed < calls.calls().size() ? Optional.of(calls.calls().get(passed)) : Optional.empty();
    }

    void pass() {
        passed++;
    }
}
