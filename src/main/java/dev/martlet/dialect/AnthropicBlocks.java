package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The content blocks of a stream of Anthropic's, as they grow (its reference, "Streaming Messages").
final class AnthropicBlocks {
    private final SortedMap<Integer, Growing> blocks = new TreeMap<>();
    private final Kept kept;

    AnthropicBlocks(Kept kept) {
        this.kept = kept;
    }

    /// A block, and those of its texts that are not yet whole.
    private static final class Growing {
        private static final String INPUT = "input";
        private final ObjectNode block = JsonNodeFactory.instance.objectNode();
        private final Map<String, StringBuilder> texts = new HashMap<>();
        private final ArrayNode citations = JsonNodeFactory.instance.arrayNode();

        Growing(ObjectNode begin) {
            block.setAll(begin);
            begin.path("citations").forEach(citations::add);
        }

        void append(String name, String text) {
            texts.computeIfAbsent(name, _ -> new StringBuilder(block.path(name).asText(""))).append(text);
        }

        void appendInput(String json) {
            texts.computeIfAbsent(INPUT, _ -> new StringBuilder()).append(json);
        }

        void add(JsonNode citation) {
            block.set("citations", citations.add(citation));
        }

        /// As far as it came; it may go on.
        ObjectNode whole() {
            texts.forEach((name, text) -> {
                if (!name.equals(INPUT)) block.put(name, text.toString());
                else if (!text.isEmpty()) block.set(name, ToolInput.read(text.toString()));
            });
            return block;
        }
    }

    /// Takes a `content_block_start`.
    void start(ObjectNode event) throws Garbled {
        ObjectNode begin = Shape.object(event.path("content_block"), "content_block");
        kept.add(begin);
        if (blocks.put(index(event), new Growing(begin)) != null) throw new Garbled("a content block begins twice");
    }

    /// Takes a `content_block_delta`.
    void delta(ObjectNode event) throws Garbled {
        Growing growing = at(event);
        ObjectNode delta = Shape.object(event.path("delta"), "delta");
        switch (delta.path("type").asText()) {
            case "input_json_delta" -> {
                String json = Shape.text(delta.path("partial_json"), "partial_json");
                kept.addJson(json);
                growing.appendInput(json);
            }
            case "citations_delta" -> {
                kept.add(delta.path("citation"));
                growing.add(delta.path("citation"));
            }
            default -> add(growing, delta);
        }
    }

    /// Of every other kind of delta, known or not, texts are the next piece and all else is the last word.
    private void add(Growing growing, ObjectNode delta) throws Garbled {
        for (Map.Entry<String, JsonNode> member : delta.properties()) {
            String name = member.getKey();
            if (name.equals("type")) continue;
            kept.add(member.getValue());
            if (member.getValue().isTextual()) growing.append(name, member.getValue().asText());
            else if (!member.getValue().isNull()) growing.block.set(name, member.getValue());
        }
    }

    /// The block that an event is about, with all that came so far.
    ObjectNode block(ObjectNode event) throws Garbled {
        return at(event).whole();
    }

    /// All blocks in their order.
    ArrayNode content() {
        ArrayNode content = JsonNodeFactory.instance.arrayNode();
        blocks.values().forEach(growing -> content.add(growing.whole()));
        return content;
    }

    private Growing at(ObjectNode event) throws Garbled {
        Growing growing = blocks.get(index(event));
        if (growing == null) throw new Garbled("a content block goes on that did not begin");
        return growing;
    }

    private static int index(ObjectNode event) throws Garbled {
        JsonNode index = event.path("index");
        if (!index.isInt()) throw new Garbled("index is no number");
        return index.intValue();
    }
}
