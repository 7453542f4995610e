package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/// How contents of messages are written in the hub.
final class HubContent {
    static final String CACHE_CONTROL = "cache_control";

    private HubContent() {}

    static ObjectNode text(String text) {
        return JsonNodeFactory.instance.objectNode().put("type", "text").put("text", text);
    }

    /// Sets the content of a message. One plain text is written as a string, which every provider takes.
    static void set(ObjectNode message, List<ObjectNode> parts) {
        if (parts.isEmpty() && message.has("tool_calls")) {
            message.putNull("content");
        } else if (parts.isEmpty()) {
            message.put("content", "");
        } else if (parts.size() == 1 && isPlainText(parts.getFirst())) {
            message.set("content", parts.getFirst().get("text"));
        } else {
            message.putArray("content").addAll(parts);
        }
    }

    private static boolean isPlainText(ObjectNode part) {
        return part.size() == 2 && part.path("type").asText().equals("text");
    }

    /// Takes over where the provider is to cache what stands up to here. OpenAI has a word of its own for it.
    static void keepCaching(Given from, ObjectNode to) {
        Given control = from.at(CACHE_CONTROL);
        if (control.isPresent()) to.set(CACHE_CONTROL, control.value());
        else if (from.at("prompt_cache_breakpoint").isPresent()) to.putObject(CACHE_CONTROL).put("type", "ephemeral");
    }

    static boolean endsPrefix(Given part) {
        return part.at(CACHE_CONTROL).isPresent() || part.at("prompt_cache_breakpoint").isPresent();
    }
}
