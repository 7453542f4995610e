package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The conversation in a request of Anthropic's, in the words of the hub: results of tools become messages of their own, and
/// the blocks that only Anthropic has stay beside what can be said.
final class AnthropicMessagesToHub {
    private static final Set<String> SAID = Set.of("text", "tool_use", "thinking", "redacted_thinking");

    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    private final Losses losses;

    AnthropicMessagesToHub(Losses losses) {
        this.losses = losses;
    }

    ArrayNode hub(Given system, Given conversation) {
        if (system.isPresent()) addSystem(system);
        if (conversation.list().isEmpty()) throw conversation.wrong("an array of at least one message");
        for (Given message : conversation.list()) {
            switch (message.at("role").text().orElse("")) {
                case "user" -> addUser(message.at("content"));
                case "assistant" -> addAssistant(message.at("content"));
                case "system" -> addSystem(message.at("content"));
                default -> throw message.at("role").wrong("user, assistant or system");
            }
        }
        return messages;
    }

    private void addSystem(Given content) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Given block : blocks(content)) {
            if (block.at("type").says("text")) parts.add(textPart(block));
            else losses.drop("messages.content." + block.at("type").text().orElse("type"));
        }
        if (!parts.isEmpty()) HubContent.set(message("system"), parts);
    }

    private void addUser(Given content) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Given block : blocks(content)) {
            if (block.at("type").says("tool_result")) addResult(block);
            else parts.addAll(parts(block));
        }
        if (!parts.isEmpty() || blocks(content).isEmpty()) HubContent.set(message("user"), parts);
    }

    private void addResult(Given block) {
        ObjectNode message = message("tool").put("tool_call_id", block.at("tool_use_id").required());
        List<ObjectNode> parts = new ArrayList<>();
        for (Given part : blocks(block.at("content"))) parts.addAll(parts(part));
        HubContent.set(message, parts);
        HubContent.keepCaching(block, message);
        if (block.at("is_error").isTrue()) extra(message).put("is_error", true);
    }

    private void addAssistant(Given content) {
        ObjectNode message = message("assistant");
        List<ObjectNode> parts = new ArrayList<>();
        StringBuilder thoughts = new StringBuilder();
        boolean whole = true;
        boolean called = false;
        for (Given block : blocks(content)) {
            String type = block.at("type").text().orElse("");
            whole &= SAID.contains(type) && !(called && type.equals("text")) && block.at("citations").isAbsent();
            called |= type.equals("tool_use");
            switch (type) {
                case "text" -> parts.add(textPart(block));
                case "tool_use" -> message.withArrayProperty("tool_calls").add(call(block));
                case "thinking", "redacted_thinking" -> {
                    thoughts.append(block.at("thinking").text().orElse(""));
                    extra(message).withArrayProperty("thinking").add(block.value());
                }
                default -> {}
            }
        }
        if (!thoughts.isEmpty()) message.put("reasoning_content", thoughts.toString());
        HubContent.set(message, parts);
        if (!whole) extra(message).set("content", content.value());
    }

    private static ObjectNode call(Given block) {
        ObjectNode call = JsonNodeFactory.instance.objectNode();
        call.put("id", block.at("id").required()).put("type", "function");
        call.putObject("function")
                .put("name", block.at("name").required())
                .put("arguments", ToolInput.written(block.at("input").object()));
        HubContent.keepCaching(block, call);
        return call;
    }

    /// The parts of a message of the hub for a block of a user, or of the result of a tool.
    private List<ObjectNode> parts(Given block) {
        String type = block.at("type").text().orElse("");
        return switch (type) {
            case "text" -> List.of(textPart(block));
            case "image", "document" -> AnthropicMedia.parts(block, losses);
            case "search_result" -> List.of(searchResult(block));
            case "tool_reference" -> dropped(block, type);
            case "container_upload" -> throw losses.refused(block.path(), "its file is kept at Anthropic");
            case "thinking", "redacted_thinking" -> dropped(block, type);
            default -> throw losses.refused(block.path(), "a block of this type is understood by Anthropic alone");
        };
    }

    private List<ObjectNode> dropped(Given block, String type) {
        losses.drop(block.path() + "." + type);
        return List.of();
    }

    private static ObjectNode searchResult(Given block) {
        StringBuilder text = new StringBuilder(block.at("title").text().orElse(""));
        text.append('\n').append(block.at("source").text().orElse(""));
        for (Given part : block.at("content").list()) text.append('\n').append(part.at("text").text().orElse(""));
        return HubContent.text(text.toString().strip());
    }

    static ObjectNode textPart(Given block) {
        ObjectNode part = HubContent.text(block.at("text").required());
        HubContent.keepCaching(block, part);
        return part;
    }

    /// What stands as a string is a block of text.
    static List<Given> blocks(Given content) {
        if (!content.isText()) return content.list();
        return List.of(content.as(HubContent.text(content.required())));
    }

    private ObjectNode message(String role) {
        return messages.addObject().put("role", role);
    }

    private static ObjectNode extra(ObjectNode message) {
        return message.withObjectProperty("extra_content").withObjectProperty("anthropic");
    }
}
