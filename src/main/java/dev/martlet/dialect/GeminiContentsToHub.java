package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.wire.JsonTree;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The conversation in a request of Google's, in the words of the hub: results of functions become messages of their own.
final class GeminiContentsToHub {
    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    private final Losses losses;

    /// Calls that wait for their results, by name: what has no id is told apart by its order.
    private final Map<String, Deque<String>> open = new HashMap<>();

    private int calls;

    GeminiContentsToHub(Losses losses) {
        this.losses = losses;
    }

    ArrayNode hub(Given system, Given contents) {
        addSystem(system);
        if (contents.oneOrMany().isEmpty()) throw contents.wrong("an array of at least one content");
        for (Given content : contents.oneOrMany()) {
            switch (content.at("role").text().orElse("user")) {
                case "user", "function", "tool", "" -> addUser(content);
                case "model" -> addModel(content);
                case "system" -> addSystem(content);
                default -> throw content.at("role").wrong("user or model");
            }
        }
        return messages;
    }

    private void addSystem(Given content) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Given part : parts(content)) parts.add(HubContent.text(part.at("text").required()));
        if (!parts.isEmpty()) HubContent.set(messages.addObject().put("role", "system"), parts);
    }

    private void addUser(Given content) {
        List<ObjectNode> parts = new ArrayList<>();
        for (Given part : parts(content)) {
            if (part.at("functionResponse").isPresent()) addResult(part.at("functionResponse"));
            else parts.add(part(part));
        }
        if (!parts.isEmpty()) HubContent.set(messages.addObject().put("role", "user"), parts);
    }

    private void addResult(Given result) {
        String name = result.at("name").required();
        Optional<String> id = result.at("id").text();
        Deque<String> waiting = open.getOrDefault(name, new ArrayDeque<>());
        id.ifPresent(waiting::remove);
        String known = id.or(() -> Optional.ofNullable(waiting.poll())).orElseGet(() -> OpenAiMessages.idOf(name));
        ObjectNode message = messages.addObject().put("role", "tool").put("tool_call_id", known);
        List<ObjectNode> parts = new ArrayList<>();
        ObjectNode response = result.at("response").object();
        String text = text(response, message);
        boolean silent = response.isEmpty() && result.at("parts").isPresent();
        if (!silent && !text.isEmpty()) parts.add(HubContent.text(text));
        for (Given file : result.at("parts").list()) parts.add(part(file));
        HubContent.set(message, parts);
    }

    /// What Google suggests names for is taken out of them, everything else stays JSON.
    private static String text(ObjectNode response, ObjectNode message) {
        if (response.size() == 1 && response.path("output").isTextual()) return response.path("output").textValue();
        if (response.size() == 1 && response.path("error").isTextual()) {
            message.putObject("extra_content").putObject("anthropic").put("is_error", true);
            return response.path("error").textValue();
        }
        return new String(JsonTree.write(response), StandardCharsets.UTF_8);
    }

    private void addModel(Given content) {
        ObjectNode message = messages.addObject().put("role", "assistant");
        StringBuilder text = new StringBuilder();
        StringBuilder thoughts = new StringBuilder();
        boolean whole = true;
        for (Given part : parts(content)) {
            Given signature = part.at("thoughtSignature");
            if (part.at("functionCall").isPresent()) {
                addCall(message, part.at("functionCall"), signature);
            } else if (part.at("text").isPresent()) {
                boolean thought = part.at("thought").isTrue();
                (thought ? thoughts : text).append(part.at("text").required());
                whole &= thought || !message.has("tool_calls");
                if (signature.isPresent()) extra(message).put("thought_signature", signature.required());
            } else {
                whole = false;
            }
        }
        message.put("content", text.toString());
        if (text.isEmpty() && message.has("tool_calls")) message.putNull("content");
        if (!thoughts.isEmpty()) message.put("reasoning_content", thoughts.toString());
        if (!whole) extra(message).set("parts", content.at("parts").value());
    }

    private void addCall(ObjectNode message, Given function, Given signature) {
        String name = function.at("name").required();
        String id = function.at("id").text().orElseGet(() -> "call_" + calls + "_" + name);
        calls++;
        open.computeIfAbsent(name, _ -> new ArrayDeque<>()).add(id);
        ObjectNode call = message.withArrayProperty("tool_calls").addObject().put("id", id).put("type", "function");
        call.putObject("function").put("name", name).put("arguments", ToolInput.written(function.at("args").object()));
        if (signature.isPresent()) extra(call).put("thought_signature", signature.required());
    }

    private ObjectNode part(Given part) {
        if (part.at("text").isPresent()) return HubContent.text(part.at("text").required());
        return GeminiMedia.in(part)
                .map(Media::part)
                .orElseThrow(() -> losses.refused(part.path(), "a part of this kind is understood by Google alone"));
    }

    /// What stands as a string is a part with text.
    private static List<Given> parts(Given content) {
        if (content.isText()) return List.of(content.as(GeminiContentsFromHub.text(content.required())));
        return content.at("parts").oneOrMany();
    }

    private static ObjectNode extra(ObjectNode target) {
        return target.withObjectProperty("extra_content").withObjectProperty("google");
    }
}
