package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;

import org.junit.jupiter.api.DisplayName;

@DisplayName("What Gemini answered")
class GeminiRecordedTest extends RecordedIdiom {
    private static final JsonNode SILENCE = JsonNodeFactory.instance.objectNode().put("text", "");

    GeminiRecordedTest() {
        super(Dialect.GEMINI, "gemini.generate", "gemini.stream");
    }

    @Override
    String model(ObjectNode answer) {
        return answer.path("modelVersion").asText();
    }

    /// With what may be left out, with words for the numbers that Vertex has in their place, and without texts that say
    /// nothing.
    @Override
    JsonNode bare(ObjectNode answer) {
        ObjectNode bare = answer.deepCopy();
        bare.remove("responseId");
        for (JsonNode one : bare.path("candidates")) {
            ObjectNode candidate = (ObjectNode) one;
            if (!candidate.has("index")) candidate.put("index", 0);
            if (candidate.path("finishReason").asInt() == 1) candidate.put("finishReason", "STOP");
            if (candidate.path("finishReason").asInt() == 2) candidate.put("finishReason", "MAX_TOKENS");
            ObjectNode content = candidate.withObjectProperty("content").put("role", "model");
            if (content.path("parts") instanceof ArrayNode parts) parts.removeIf(SILENCE::equals);
            if (content.path("parts").isEmpty()) content.remove("parts");
        }
        return bare;
    }

    @Override
    boolean isEnd(Event event) {
        for (JsonNode candidate : event.data().path("candidates")) {
            if (candidate.has("finishReason")) return true;
        }
        return false;
    }
}
