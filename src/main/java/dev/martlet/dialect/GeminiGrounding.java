package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Where an answer has its knowledge from: the web pages that Gemini names for parts of its text, as annotations of the hub, and
/// back.
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

    /// The `groundingMetadata` for what was said at once; empty when it cites no page of the web.
    static Optional<ObjectNode> metadata(JsonNode message) {
        Pages pages = new Pages();
        pages.add(message.path("annotations"), HubText.said(message), HubText.thoughts(message).isEmpty() ? 0 : 1);
        return pages.metadata();
    }

    /// The pages that were cited. For which part of a text is said of those only whose text is known whole.
    static final class Pages {
        private static final int CITED_MAX = 1024;

        private final Map<String, Integer> places = new HashMap<>();
        private final ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        private int cited;
        private int chars;
        private int octets;

        /// Takes annotations of what was said event by event.
        void add(JsonNode annotations) {
            add(annotations, "", 0);
        }

        private void add(JsonNode annotations, String text, int part) {
            for (JsonNode annotation : annotations) {
                JsonNode citation = annotation.path("url_citation");
                String url = citation.path("url").asText("");
                if (url.isEmpty() || cited++ >= CITED_MAX) continue;
                int place = places.computeIfAbsent(url, _ -> page(url, citation.path("title").asText("")));
                support(text, citation.path("start_index").asInt(-1), citation.path("end_index").asInt(-1), part)
                        .ifPresent(support -> support.putArray("groundingChunkIndices").add(place));
            }
        }

        private int page(String url, String title) {
            ObjectNode web = metadata.withArrayProperty("groundingChunks").addObject().putObject("web").put("uri", url);
            if (!title.isEmpty()) web.put("title", title);
            return places.size();
        }

        private Optional<ObjectNode> support(String text, int from, int to, int part) {
            if (from < 0 || to <= from || to > text.length()) return Optional.empty();
            ObjectNode support = metadata.withArrayProperty("groundingSupports").addObject();
            ObjectNode segment = support.putObject("segment");
            if (part > 0) segment.put("partIndex", part);
            segment.put("startIndex", bytes(text, from)).put("endIndex", bytes(text, to));
            segment.put("text", text.substring(from, to));
            return Optional.of(support);
        }

        /// Citations come in the order of the text, mostly.
        private int bytes(String text, int to) {
            if (to < chars) {
                chars = 0;
                octets = 0;
            }
            octets += text.substring(chars, to).getBytes(StandardCharsets.UTF_8).length;
            chars = to;
            return octets;
        }

        Optional<ObjectNode> metadata() {
            return Optional.of(metadata).filter(pages -> !pages.isEmpty());
        }
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
