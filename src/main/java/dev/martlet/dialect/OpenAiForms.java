package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Operation.Kind;
import dev.martlet.dialect.Heading.Form;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/// Answers in the forms that callers of the hub's dialect may ask for.
final class OpenAiForms {
    private static final String CALLS = "tool_calls";
    private static final String FINISH_REASON = "finish_reason";

    private OpenAiForms() {}

    /// A whole answer.
    static ObjectNode whole(Kind kind, ObjectNode hub, Heading heading) {
        if (kind == Kind.EMBEDDINGS && heading.forms().contains(Form.VECTORS_IN_BASE64)) return vectors(hub);
        if (kind == Kind.CHAT && heading.forms().contains(Form.FUNCTION_CALL)) return functionCalls(hub, "message");
        return hub;
    }

    /// A stream; none of its events is more or less than one.
    static Fold stream(Heading heading) {
        boolean older = heading.forms().contains(Form.FUNCTION_CALL);
        return new Fold() {
            @Override
            public List<Event> next(Event event) {
                return List.of(older && !event.isDone() ? older(event) : event);
            }

            @Override
            public List<Event> end() {
                return List.of();
            }
        };
    }

    private static Event older(Event event) {
        return new Event(event.name(), functionCalls(event.data(), "delta"));
    }

    private static ObjectNode vectors(ObjectNode hub) {
        ObjectNode answer = hub.deepCopy();
        for (JsonNode embedding : answer.path("data")) {
            JsonNode vector = embedding.path("embedding");
            if (vector.isArray()) ((ObjectNode) embedding).put("embedding", base64(vector));
        }
        return answer;
    }

    private static String base64(JsonNode vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (JsonNode number : vector) bytes.putFloat(number.floatValue());
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /// There is a place for one call only.
    private static ObjectNode functionCalls(ObjectNode hub, String where) {
        ObjectNode answer = hub.deepCopy();
        for (JsonNode element : answer.path("choices")) {
            if (!(element instanceof ObjectNode choice)) continue;
            if (choice.path(FINISH_REASON).asText().equals(CALLS)) choice.put(FINISH_REASON, "function_call");
            if (!(choice.path(where) instanceof ObjectNode says)) continue;
            JsonNode call = says.path(CALLS).path(0);
            if (call.path("index").asInt() == 0 && call.has("function"))
                says.set("function_call", call.path("function"));
            says.remove(CALLS);
        }
        return answer;
    }
}
