package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Calls of functions that the deltas of the hub bring piece by piece, as parts once they are whole.
final class GeminiCalls {
    private final List<Call> calls = new ArrayList<>();
    private final Map<Integer, Call> byIndex = new HashMap<>();

    /// A call, as far as it has come.
    private static final class Call {
        private final StringBuilder arguments = new StringBuilder();
        private String id = "";
        private String name = "";
        private Optional<String> signature = Optional.empty();

        /// Whether this goes on with it: some have the same index for all calls, or none.
        boolean goesOn(JsonNode piece) {
            String nextId = piece.path("id").asText("");
            String nextName = piece.path("function").path("name").asText("");
            return (id.isEmpty() || nextId.isEmpty() || nextId.equals(id))
                    && (name.isEmpty() || nextName.isEmpty() || !nextId.isEmpty());
        }

        void add(JsonNode piece) {
            JsonNode function = piece.path("function");
            if (id.isEmpty()) id = piece.path("id").asText("");
            if (name.isEmpty()) name = function.path("name").asText("");
            JsonNode more = function.path("arguments");
            arguments.append(more.isObject() ? ToolInput.written(more) : more.asText(""));
            signature = Shape.some(GeminiContent.google(piece).path("thought_signature")).or(() -> signature);
        }

        ObjectNode part() {
            JsonNode written = JsonNodeFactory.instance.textNode(arguments.toString());
            ObjectNode part = GeminiContent.functionCall(id, name, written);
            signature.ifPresent(one -> part.put("thoughtSignature", one));
            return part;
        }
    }

    /// Takes what a delta says of a call.
    void add(ObjectNode piece) {
        int index = piece.path("index").asInt(0);
        Call call = byIndex.get(index);
        if (call == null || !call.goesOn(piece)) {
            call = new Call();
            calls.add(call);
            byIndex.put(index, call);
        }
        call.add(piece);
    }

    ArrayNode parts() {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        for (Call call : calls) parts.add(call.part());
        return parts;
    }
}
