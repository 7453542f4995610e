package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Set;

/// What the model said: content blocks of Anthropic's as a message of the hub, and back.
///
/// The hub has one text, and calls of tools behind it. Blocks of which more is to be said, or in another order, accompany
/// the message whole, under `extra_content.anthropic.content`; else thoughts with their signatures alone do, under
/// `extra_content.anthropic.thinking`.
final class AnthropicMessage {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> THINKING = Set.of("type", "thinking", "signature");
    private static final Set<String> REDACTED = Set.of("type", "data");
    private static final Set<String> TEXT = Set.of("type", "text");
    private static final Set<String> CALL = Set.of("type", "id", "name", "input");

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final ArrayNode thinking = NODES.arrayNode();
    private final ArrayNode calls = NODES.arrayNode();
    private final ArrayNode annotations = NODES.arrayNode();
    private final Order order = new Order();

    private AnthropicMessage() {}

    /// Follows the blocks of a message: whether the hub can say each of them, there where it stands.
    static final class Order {
        private boolean texts;
        private boolean calls;
        private boolean usual = true;

        /// Takes the next block, of which texts may still be missing.
        ///
        /// @return whether the hub can say it
        boolean takes(ObjectNode block) {
            boolean first = !texts && !calls;
            boolean sayable =
                    switch (block.path("type").asText()) {
                        case "thinking" -> first && hasOnly(block, THINKING);
                        case "redacted_thinking" -> first && hasOnly(block, REDACTED);
                        case "text" -> first && hasOnly(block, TEXT);
                        case "tool_use" -> true;
                        default -> false;
                    };
            texts |= block.path("type").asText().equals("text");
            calls |= block.path("type").asText().equals("tool_use");
            usual &= sayable;
            return sayable;
        }

        private static boolean hasOnly(ObjectNode block, Set<String> names) {
            for (var member : block.properties()) {
                if (!names.contains(member.getKey()) && !member.getValue().isNull()) return false;
            }
            return true;
        }
    }

    /// Content blocks as a message.
    static ObjectNode toHub(ArrayNode content) throws Garbled {
        AnthropicMessage read = new AnthropicMessage();
        for (JsonNode block : content) read.take(Shape.object(block, "a content block"));
        return read.message(content);
    }

    private void take(ObjectNode block) throws Garbled {
        order.takes(block);
        switch (Shape.text(block.path("type"), "type")) {
            case "text" -> addText(block);
            case "thinking" -> {
                reasoning.append(Shape.text(block.path("thinking"), "thinking"));
                thinking.add(block);
            }
            case "redacted_thinking" -> thinking.add(block);
            case "tool_use" -> calls.add(call(block, arguments(block)));
            default -> {}
        }
    }

    private void addText(ObjectNode block) throws Garbled {
        String piece = Shape.text(block.path("text"), "text");
        if (piece.isEmpty()) order.usual = false;
        int from = text.length();
        text.append(piece);
        for (JsonNode citation : block.path("citations")) {
            if (!citation.path("url").isTextual()) continue; // the hub knows citations of the web only
            ObjectNode annotation = annotations.addObject().put("type", "url_citation");
            annotation
                    .putObject("url_citation")
                    .put("start_index", from)
                    .put("end_index", text.length())
                    .put("title", citation.path("title").asText(""))
                    .put("url", citation.path("url").asText());
        }
    }

    /// A `tool_use` as a call of the hub; who called it, when not the model itself, stays with it.
    static ObjectNode call(ObjectNode block, String arguments) throws Garbled {
        ObjectNode call = NODES.objectNode().put("id", Shape.text(block.path("id"), "id")).put("type", "function");
        call.putObject("function").put("name", Shape.text(block.path("name"), "name")).put("arguments", arguments);
        ObjectNode more = NODES.objectNode();
        for (var member : block.properties()) {
            if (!CALL.contains(member.getKey())) more.set(member.getKey(), member.getValue());
        }
        if (!more.isEmpty()) call.putObject("extra_content").set("anthropic", more);
        return call;
    }

    /// The arguments of a `tool_use`; some servers that speak this dialect leave out what is empty.
    static String arguments(ObjectNode block) throws Garbled {
        JsonNode input = block.path("input");
        boolean none = input.isMissingNode() || input.isNull();
        return ToolInput.written(none ? NODES.objectNode() : Shape.object(input, "input"));
    }

    private ObjectNode message(ArrayNode content) {
        ObjectNode message = NODES.objectNode().put("role", "assistant");
        if (text.isEmpty() && !calls.isEmpty()) message.putNull("content");
        else message.put("content", text.toString());
        message.putNull("refusal");
        if (!reasoning.isEmpty()) message.put("reasoning_content", reasoning.toString());
        if (!calls.isEmpty()) message.set("tool_calls", calls);
        if (!annotations.isEmpty()) message.set("annotations", annotations);
        String name = order.usual ? "thinking" : "content";
        ArrayNode blocks = order.usual ? thinking : content;
        if (!blocks.isEmpty()) message.putObject("extra_content").putObject("anthropic").set(name, blocks);
        return message;
    }

    /// A message as content blocks.
    static ArrayNode fromHub(JsonNode message) throws Garbled {
        JsonNode extra = message.path("extra_content").path("anthropic");
        if (extra.path("content") instanceof ArrayNode content) return content;
        ArrayNode blocks = NODES.arrayNode();
        String thoughts = HubText.thoughts(message);
        if (extra.path("thinking") instanceof ArrayNode thinking) blocks.addAll(thinking);
        else if (!thoughts.isEmpty()) blocks.add(thinking(thoughts));
        String said = HubText.said(message);
        if (!said.isEmpty()) blocks.addObject().put("type", "text").put("text", said);
        int place = 0;
        for (JsonNode call : message.path("tool_calls"))
            blocks.add(toolUse(Shape.object(call, "a tool call"), place++));
        if (message.path("function_call") instanceof ObjectNode call) blocks.add(toolUse(call, HubCalls.idOf(call)));
        return blocks;
    }

    /// Thoughts that nobody signed.
    static ObjectNode thinking(String thoughts) {
        return NODES.objectNode().put("type", "thinking").put("thinking", thoughts).put("signature", "");
    }

    private static ObjectNode toolUse(ObjectNode call, int place) throws Garbled {
        ObjectNode function = Shape.object(call.path("function"), "function");
        ObjectNode block = toolUse(function, HubCalls.idOf(call, place));
        if (call.path("extra_content").path("anthropic") instanceof ObjectNode more) block.setAll(more);
        return block;
    }

    private static ObjectNode toolUse(ObjectNode function, String id) throws Garbled {
        ObjectNode block = toolUse(id, Shape.text(function.path("name"), "name"));
        String arguments = Shape.said(function.path("arguments"), "arguments").orElse("");
        block.set("input", ToolInput.read(arguments));
        return block;
    }

    /// A call of which the input is still to come.
    static ObjectNode toolUse(String id, String name) {
        ObjectNode block = NODES.objectNode().put("type", "tool_use").put("id", id).put("name", name);
        block.putObject("input");
        return block;
    }
}
