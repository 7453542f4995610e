package dev.martlet.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A provider's wire format: which answer belongs to which call.
interface Format {

    /// Answers a call; one that this format does not know gets its error.
    ///
    /// @param query the query without its question mark, empty for none
    /// @param body  the JSON that came along; a missing node when there was none
    Answer answer(String method, String path, String query, JsonNode body);

    /// An error as this format writes it.
    ObjectNode error(int status, String message);

    default Answer refuse(int status, String message) {
        return new Answer.Whole(status, error(status, message));
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// An event without a name.
    static String event(JsonNode content) {
        return "data: " + content + "\n\n";
    }
}
