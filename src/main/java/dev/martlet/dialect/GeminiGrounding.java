package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/// Where an answer has its knowledge from: the web pages that Gemini names for parts of its text, as annotations of the hub.
final class GeminiGrounding {
    private GeminiGrounding() {}

    /// Annotations of what was said event by event.
    static ArrayNode annotations(JsonNode grounding, GeminiJoinedParts parts) {
        return grounding.has("groundingSupports")
                ? annotations(grounding, parts.said())
                : JsonNodeFactory.instance.arrayNode();
    }

    /// Annotations of a text; none when it cites no page of the web.
    ///
    /// @param grounding the `groundingMetadata` of a candidate
    /// @param text      that the hub has of it
    static ArrayNode annotations(JsonNode grounding, String text) {
        ArrayNode annotations = JsonNodeFactory.instance.arrayNode();
        int from = 0;
        for (JsonNode support : grounding.path("groundingSupports")) {
            String cited = support.path("segment").path("text").asText("");
            int at = text.indexOf(cited, from); // offsets are in bytes of one part; segments come in order
            if (cited.isEmpty() || at < 0) continue;
            from = at;
            for (JsonNode index : support.path("groundingChunkIndices")) {
                JsonNode page = grounding.path("groundingChunks").path(index.asInt(-1)).path("web");
                if (page.path("uri").isTextual()) cite(annotations, page, at, at + cited.length());
            }
        }
        return annotations;
    }

    private static void cite(ArrayNode annotations, JsonNode page, int from, int to) {
        annotations
                .addObject()
                .put("type", "url_citation")
                .putObject("url_citation")
                .put("start_index", from)
                .put("end_index", to)
                .put("title", page.path("title").asText(""))
                .put("url", page.path("uri").textValue());
    }
}
