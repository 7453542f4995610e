package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a message of the hub says, whichever of its words it uses.
final class OpenAiMessages {
    /// The members of a message that somebody looks at; also `name` where it is the name of a function.
    private static final Set<String> SAID =
            Set.of(
                    "role",
                    "content",
                    "refusal",
                    "audio",
                    "tool_calls",
                    "function_call",
                    "tool_call_id",
                    "annotations",
                    "images",
                    "reasoning_content",
                    "cache_control",
                    "extra_content");

    private OpenAiMessages() {}

    /// The parts of a content; one for what is a string.
    static List<Given> parts(Given content) {
        if (!content.isText()) return content.list();
        return List.of(content.as(HubContent.text(content.required())));
    }

    /// The text of a part; empty when it is of another type.
    static Optional<String> text(Given part) {
        if (part.isText()) return part.text();
        return switch (part.at("type").text().orElse("text")) {
            case "text", "input_text", "output_text" -> Optional.of(part.at("text").required());
            case "refusal" -> Optional.of(part.at("refusal").required());
            default -> Optional.empty();
        };
    }

    /// The calls of tools in a message; `function_call` is the older word for one.
    static List<Given> calls(Given message) {
        List<Given> calls = new ArrayList<>(message.at("tool_calls").list());
        Given older = message.at("function_call");
        if (older.isPresent()) {
            calls.add(older.as(JsonNodeFactory.instance.objectNode().set("function", older.object())));
        }
        return calls;
    }

    /// Notes the members of a message that nobody looks at.
    static void dropOthers(Given message, Losses losses) {
        boolean function = message.at("role").says("function");
        boolean model = message.at("role").says("assistant");
        for (Given member : message.members()) {
            boolean ofOthers = member.name().equals("images") && !model; // Ollama's; a model's own are looked at
            boolean known = (SAID.contains(member.name()) && !ofOthers) || (function && member.name().equals("name"));
            if (!known && member.asksForSomething()) losses.drop(member.path());
        }
    }

    /// Notes what only another vendor could read of a message or a call. That a tool failed is for all to read.
    static void dropForeign(Given holder, String vendor, Losses losses) {
        for (Given owner : holder.at("extra_content").members()) {
            if (!owner.name().equals(vendor)) losses.dropOthers(owner, Set.of("is_error"));
        }
    }

    /// The identifier of a call that has none but its name.
    static String idOf(String name) {
        return "call_" + name;
    }

    static String name(Given call) {
        boolean free = call.at("type").says("custom");
        return call.at(free ? "custom" : "function").at("name").required();
    }

    /// The arguments of a call as an object. Free text for a tool is a member of one.
    static ObjectNode arguments(Given call) {
        if (call.at("type").says("custom")) {
            return JsonNodeFactory.instance.objectNode().put("input", call.at("custom").at("input").required());
        }
        Given arguments = call.at("function").at("arguments");
        if (arguments.value() instanceof ObjectNode already) return already;
        return ToolInput.read(arguments.text().orElse(""));
    }
}
