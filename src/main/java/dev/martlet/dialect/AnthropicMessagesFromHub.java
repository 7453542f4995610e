package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A conversation of the hub in the words of Anthropic: system text in front, then turns of user and assistant, each of them
/// one message, with results of tools before everything else that the user says.
final class AnthropicMessagesFromHub {
    private static final Pattern NOT_IN_IDS = Pattern.compile("[^a-zA-Z0-9_-]");

    private final Losses losses;
    private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    private String speaker = "";
    private ArrayNode turn = JsonNodeFactory.instance.arrayNode();

    AnthropicMessagesFromHub(Losses losses) {
        this.losses = losses;
    }

    void add(Given message) {
        if (message.at("name").isPresent() && !message.at("role").says("function"))
            losses.drop(message.at("name").path());
        switch (message.at("role").text().orElse("")) {
            case "system", "developer" -> system.addAll(blocks(message));
            case "user" -> turn("user").addAll(blocks(message));
            case "assistant" -> addAssistant(message);
            case "tool" -> addResult(message, message.at("tool_call_id").required());
            case "function" -> addResult(message, OpenAiMessages.idOf(message.at("name").required()));
            default -> throw message.at("role").wrong("assistant, developer, system, tool or user");
        }
    }

    /// Says something to the model that the request asks for in a field of its own.
    void tell(String text) {
        system.add(text(text));
    }

    private void addAssistant(Given message) {
        Given own = message.at("extra_content").at("anthropic");
        ArrayNode blocks = turn("assistant");
        if (own.at("content").value() instanceof ArrayNode content && !content.isEmpty()) {
            blocks.addAll(content);
            return;
        }
        for (Given thought : own.at("thinking").list()) blocks.add(thought.object());
        if (own.at("thinking").isAbsent() && message.at("reasoning_content").isPresent()) {
            losses.drop(message.at("reasoning_content").path());
        }
        List<ObjectNode> said = blocks(message);
        blocks.addAll(said);
        if (said.isEmpty()) message.at("refusal").text().ifPresent(refusal -> blocks.add(text(refusal)));
        if (message.at("audio").isPresent())
            throw losses.refused(message.at("audio").path(), "Anthropic's models do not hear");
        for (Given call : OpenAiMessages.calls(message)) blocks.add(call(call));
    }

    private static ObjectNode call(Given call) {
        ObjectNode block = JsonNodeFactory.instance.objectNode().put("type", "tool_use");
        block.put("id", id(call.at("id").required()));
        block.put("name", OpenAiMessages.name(call)).set("input", OpenAiMessages.arguments(call));
        AnthropicMessagesToHub.keepCaching(call, block);
        return block;
    }

    /// In front of all other blocks of the turn, behind other results.
    private void addResult(Given message, String id) {
        ArrayNode blocks = turn("user");
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("type", "tool_result");
        result.put("tool_use_id", id(id));
        List<ObjectNode> content = blocks(message);
        if (content.size() == 1 && isPlain(content.getFirst())) result.set("content", content.getFirst().get("text"));
        else if (!content.isEmpty()) result.putArray("content").addAll(content);
        if (message.at("extra_content").at("anthropic").at("is_error").isTrue()) result.put("is_error", true);
        AnthropicMessagesToHub.keepCaching(message, result);
        int at = 0;
        while (at < blocks.size() && blocks.get(at).path("type").asText().equals("tool_result")) at++;
        blocks.insert(at, result);
    }

    /// The blocks for the content of a message. Text of nothing but space is left out: the API refuses it.
    private List<ObjectNode> blocks(Given message) {
        List<ObjectNode> blocks = new ArrayList<>();
        for (Given part : OpenAiMessages.parts(message.at("content"))) {
            Optional<Media> media = Media.in(part);
            Optional<String> text = OpenAiMessages.text(part);
            if (text.filter(String::isBlank).isPresent()) continue;
            ObjectNode block;
            if (media.isPresent()) block = AnthropicMedia.block(part, media.get(), losses);
            else if (text.isPresent()) block = text(text.get());
            else if (part.at("type").says("thinking")) continue;
            else throw losses.refused(part.path(), "Anthropic has no content of this type");
            AnthropicMessagesToHub.keepCaching(part, block);
            blocks.add(block);
        }
        return blocks;
    }

    private static ObjectNode text(String text) {
        return JsonNodeFactory.instance.objectNode().put("type", "text").put("text", text);
    }

    /// Identifiers of other providers may hold more than Anthropic's do.
    private static String id(String id) {
        return NOT_IN_IDS.matcher(id).replaceAll("_");
    }

    private ArrayNode turn(String role) {
        if (!speaker.equals(role)) {
            speaker = role;
            turn = messages.addObject().put("role", role).putArray("content");
        }
        return turn;
    }

    /// @param where the conversation stands in the hub
    void writeTo(ObjectNode body, Given where) {
        List<JsonNode> turns = new ArrayList<>();
        for (JsonNode message : messages) {
            if (!message.path("content").isEmpty()) turns.add(message);
        }
        if (turns.isEmpty() && !system.isEmpty()) {
            turns.add(JsonNodeFactory.instance.objectNode().put("role", "user").set("content", system.deepCopy()));
            system.removeAll();
        }
        if (turns.isEmpty()) throw where.wrong("an array of at least one message that says something");
        if (!system.isEmpty()) body.set("system", simple(system));
        ArrayNode target = body.putArray("messages");
        for (JsonNode message : turns) ((ObjectNode) message).set("content", simple(message.path("content")));
        target.addAll(turns);
    }

    private static JsonNode simple(JsonNode blocks) {
        return blocks.size() == 1 && isPlain(blocks.get(0)) ? blocks.get(0).path("text") : blocks;
    }

    private static boolean isPlain(JsonNode block) {
        return block.size() == 2 && block.has("text");
    }

    /// Whether the thoughts are there that belong to the calls of tools since the user spoke last.
    static boolean mayThink(ObjectNode body) {
        JsonNode turns = body.path("messages");
        for (int i = turns.size() - 1; i >= 0; i--) {
            JsonNode content = turns.path(i).path("content");
            boolean user = turns.path(i).path("role").asText().equals("user");
            if (user && !has(content, "tool_result")) return true;
            String first = content.path(0).path("type").asText();
            if (!user && has(content, "tool_use") && !first.endsWith("thinking")) return false;
        }
        return true;
    }

    private static boolean has(JsonNode content, String type) {
        for (JsonNode block : content) {
            if (block.path("type").asText().equals(type)) return true;
        }
        return false;
    }
}
