package dev.martlet.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.martlet.wire.JsonTree;

/// The texts of a message of the hub, or of a delta of one, in the places where those who speak its dialect have them.
final class HubText {
    private HubText() {}

    /// What was said; a refusal is said as well.
    static String said(JsonNode message) {
        return texts(message.path("content"), "text", "text") + message.path("refusal").asText("");
    }

    /// What was thought: under the name that most use, or OpenRouter's and Groq's, or in Mistral's parts.
    static String thoughts(JsonNode message) {
        String thoughts = message.path("reasoning_content").asText("");
        if (thoughts.isEmpty()) thoughts = message.path("reasoning").asText("");
        return thoughts.isEmpty() ? parts(message.path("content"), "thinking", "thinking") : thoughts;
    }

    /// Whether tools are called.
    static boolean calls(JsonNode message) {
        return !message.path("tool_calls").isEmpty() || message.path("function_call").isObject();
    }

    /// The count of tokens of an answer or a chunk; Groq's and Moonshot's streams have it in places of their own.
    static JsonNode usage(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        if (!usage.isObject()) usage = answer.path("x_groq").path("usage");
        return usage.isObject() ? usage : answer.path("choices").path(0).path("usage");
    }

    /// A text that is one, or the texts of those parts of an array that have this type.
    private static String texts(JsonNode content, String type, String member) {
        if (content.isObject()) return written(content);
        return content.isArray() ? parts(content, type, member) : content.asText("");
    }

    /// A JSON text; some send the JSON itself when it was asked for (Cloudflare).
    static String written(JsonNode content) {
        return new String(JsonTree.write(content), UTF_8);
    }

    private static String parts(JsonNode content, String type, String member) {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            if (part.path("type").asText().equals(type)) text.append(texts(part.path(member), "text", "text"));
        }
        return text.toString();
    }
}
