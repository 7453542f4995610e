package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;

import org.junit.jupiter.api.DisplayName;

@DisplayName("What Anthropic answered")
class AnthropicRecordedTest extends RecordedIdiom {
    AnthropicRecordedTest() {
        super(Dialect.ANTHROPIC, "anthropic.messages", "anthropic.messages");
    }

    @Override
    String model(ObjectNode answer) {
        return answer.path("model").asText();
    }

    /// Without members that are `null`, which say the same as none.
    @Override
    JsonNode bare(ObjectNode answer) {
        JsonNode bare = answer.deepCopy();
        for (JsonNode object : bare.findParents("stop_details")) removeNull((ObjectNode) object, "stop_details");
        for (JsonNode object : bare.findParents("container")) removeNull((ObjectNode) object, "container");
        return bare;
    }

    private static void removeNull(ObjectNode object, String name) {
        if (object.path(name).isNull()) object.remove(name);
    }

    @Override
    boolean isEnd(Event event) {
        return event.name().equals("message_stop");
    }
}
