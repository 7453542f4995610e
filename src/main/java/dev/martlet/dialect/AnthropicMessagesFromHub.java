package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A conversation of the hub in the words of Anthropic: system text in front, then turns of user and assistant, each of them
/// one message, with results of tools before everything else that the user says.
final class AnthropicMessagesFromHub {
    private static final Pattern NOT_IN_IDS = Pattern.compile("[^a-zA-Z0-9_-]");

    private static final String GO_ON = "Go on where your last message ends.";

    private final AnthropicModel model;
    private final Losses losses;
    private final OpenAiCalls calls = new OpenAiCalls();
    private final ArrayNode system = JsonNodeFactory.instance.arrayNode();
    private final List<Turn> turns = new ArrayList<>();

    /// What one of the two says until the other does.
    private record Turn(String role, ArrayNode results, ArrayNode others) {
        Turn(String role) {
            this(role, JsonNodeFactory.instance.arrayNode(), JsonNodeFactory.instance.arrayNode());
        }

        ArrayNode content() {
            return results.addAll(others);
        }
    }

    AnthropicMessagesFromHub(AnthropicModel model, Losses losses) {
        this.model = model;
        this.losses = losses;
    }

    void add(Given message) {
        OpenAiMessages.dropOthers(message, losses);
        switch (message.at("role").text().orElse("")) {
            case "system", "developer" -> system.addAll(cachedBlocks(message));
            case "user" -> say("user", cachedBlocks(message));
            case "assistant" -> say("assistant", ofModel(message));
            case "tool", "function" -> addResult(message);
            default -> throw message.at("role").wrong("assistant, developer, system, tool or user");
        }
    }

    /// Says something to the model that the request asks for in a field of its own.
    void tell(String text) {
        system.add(HubContent.text(text));
    }

    private List<JsonNode> ofModel(Given message) {
        Given own = message.at("extra_content").at("anthropic");
        List<JsonNode> blocks = new ArrayList<>();
        List<Given> called = OpenAiMessages.calls(message);
        if (own.at("content").value() instanceof ArrayNode content && !content.isEmpty()) {
            called.forEach(calls::called);
            for (JsonNode block : content) if (!isBlank(block)) blocks.add(block.deepCopy());
            return spoken(blocks, own);
        }
        OpenAiMessages.dropForeign(message, "anthropic", losses);
        if (message.at("images").asksForSomething()) losses.drop(message.at("images").path());
        addThoughts(message, own.at("thinking").list(), blocks);
        List<ObjectNode> said = blocks(message);
        Optional<String> refusal = message.at("refusal").text().filter(text -> !text.isBlank());
        if (said.isEmpty()) refusal.ifPresent(text -> said.add(HubContent.text(text)));
        if (message.at("audio").isPresent()) throw losses.refused(message.at("audio").path(), "it is kept elsewhere");
        for (Given call : called) said.add(call(call));
        if (!said.isEmpty()) HubContent.keepCaching(message, said.getLast());
        blocks.addAll(said);
        return spoken(blocks, own);
    }

    /// Without thoughts that nothing follows, because the answer was cut off in them: a message must not end so.
    private List<JsonNode> spoken(List<JsonNode> blocks, Given own) {
        while (!blocks.isEmpty() && isThought(blocks.getLast())) {
            blocks.removeLast();
            losses.drop(own.at("thinking").path());
        }
        return blocks;
    }

    /// Only Anthropic's own have a signature, and those without one are refused there.
    private void addThoughts(Given message, List<Given> own, List<JsonNode> blocks) {
        for (Given thought : own) {
            boolean signed = thought.at("data").isPresent() || thought.at("signature").asksForSomething();
            if (signed) blocks.add(thought.object().deepCopy());
            else losses.drop(thought.path());
        }
        Given foreign = message.at("reasoning_content");
        if (own.isEmpty() && foreign.asksForSomething()) losses.drop(foreign.path());
    }

    private ObjectNode call(Given call) {
        OpenAiMessages.dropForeign(call, "anthropic", losses);
        ObjectNode block = JsonNodeFactory.instance.objectNode().put("type", "tool_use");
        block.put("id", id(calls.called(call)));
        block.put("name", OpenAiMessages.name(call)).set("input", OpenAiMessages.arguments(call));
        block.setAll(call.at("extra_content").at("anthropic").object());
        HubContent.keepCaching(call, block);
        return block;
    }

    private void addResult(Given message) {
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("type", "tool_result");
        result.put("tool_use_id", id(calls.answered(message)));
        List<ObjectNode> content = blocks(message);
        if (!content.isEmpty()) result.set("content", simple(JsonNodeFactory.instance.arrayNode().addAll(content)));
        if (message.at("extra_content").at("anthropic").at("is_error").isTrue()) result.put("is_error", true);
        HubContent.keepCaching(message, result);
        turn("user").results.add(result);
    }

    /// The blocks for a message of which nothing else is told, with its own mark for the cache.
    private List<ObjectNode> cachedBlocks(Given message) {
        List<ObjectNode> blocks = blocks(message);
        if (!blocks.isEmpty()) HubContent.keepCaching(message, blocks.getLast());
        return blocks;
    }

    /// The blocks for the content of a message. Text of nothing but space is left out: the API refuses it.
    private List<ObjectNode> blocks(Given message) {
        List<ObjectNode> blocks = new ArrayList<>();
        for (Given part : OpenAiMessages.parts(message.at("content"))) {
            block(part)
                    .ifPresent(block -> {
                        HubContent.keepCaching(part, block);
                        blocks.add(block);
                    });
        }
        return blocks;
    }

    private Optional<ObjectNode> block(Given part) {
        Optional<String> text = OpenAiMessages.text(part);
        if (text.isPresent()) return text.filter(said -> !said.isBlank()).map(HubContent::text);
        if (part.at("type").says("thinking")) {
            losses.drop(part.path() + ".thinking");
            return Optional.empty();
        }
        Media media =
                Media.in(part).orElseThrow(() -> losses.refused(part.path(), "Anthropic has no content of this type"));
        return Optional.of(AnthropicMedia.block(part, media, losses));
    }

    /// Identifiers of other providers may hold more than Anthropic's do.
    private static String id(String id) {
        return NOT_IN_IDS.matcher(id).replaceAll("_");
    }

    /// Nothing is no turn.
    private void say(String role, List<? extends JsonNode> blocks) {
        if (!blocks.isEmpty()) turn(role).others.addAll(blocks);
    }

    private Turn turn(String role) {
        if (turns.isEmpty() || !turns.getLast().role.equals(role)) turns.add(new Turn(role));
        return turns.getLast();
    }

    /// @param where the conversation stands in the hub
    void writeTo(ObjectNode body, Given where) {
        answerAll();
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        for (Turn turn : turns) messages.addObject().put("role", turn.role).set("content", turn.content());
        if (messages.isEmpty() && !system.isEmpty()) {
            messages.addObject().put("role", "user").putArray("content").addAll(system);
            system.removeAll();
        }
        if (where.list().isEmpty()) throw where.wrong("an array of at least one message");
        if (messages.isEmpty()) throw losses.refused(where.path(), "none of it says anything");
        putEnd(messages);
        for (JsonNode message : messages) ((ObjectNode) message).set("content", simple(message.path("content")));
        if (!system.isEmpty()) body.set("system", simple(system));
        body.set("messages", messages);
    }

    /// The API wants a result of each call in the turn behind it; others let a conversation go on without.
    private void answerAll() {
        for (int i = 0; i < turns.size(); i++) {
            Set<String> open = new LinkedHashSet<>();
            for (JsonNode block : turns.get(i).others) if (isA(block, "tool_use")) open.add(block.path("id").asText());
            if (open.isEmpty()) continue;
            if (i + 1 == turns.size()) turns.add(new Turn("user"));
            ArrayNode results = turns.get(i + 1).results;
            for (JsonNode result : results) open.remove(result.path("tool_use_id").asText());
            for (String id : open) results.addObject().put("type", "tool_result").put("tool_use_id", id);
        }
    }

    /// An answer that is begun for the model must not end with space; the newer ones want to be asked to go on with it.
    private void putEnd(ArrayNode messages) {
        JsonNode turn = messages.get(messages.size() - 1);
        JsonNode last = turn.path("content").path(turn.path("content").size() - 1);
        if (isUser(turn) || !isA(last, "text") || !(last instanceof ObjectNode text)) return;
        if (model.continues()) text.put("text", text.path("text").asText().stripTrailing());
        else messages.addObject().put("role", "user").putArray("content").add(HubContent.text(GO_ON));
    }

    private static JsonNode simple(JsonNode blocks) {
        return blocks.size() == 1 && blocks.get(0).size() == 2 && isA(blocks.get(0), "text")
                ? blocks.get(0).path("text")
                : blocks;
    }

    private static boolean isThought(JsonNode block) {
        return isA(block, "thinking") || isA(block, "redacted_thinking");
    }

    private static boolean isBlank(JsonNode block) {
        return isA(block, "text") && block.path("text").asText().isBlank();
    }

    private static boolean isA(JsonNode block, String type) {
        return block.path("type").asText().equals(type);
    }

    /// Whether the thoughts are there that belong to the calls of tools since the user spoke last, and to an answer that is
    /// begun for the model.
    static boolean mayThink(ObjectNode body) {
        JsonNode turns = body.path("messages");
        for (int i = turns.size() - 1; i >= 0; i--) {
            JsonNode content = turns.path(i).path("content");
            boolean user = isUser(turns.path(i));
            if (user && !has(content, "tool_result")) return true;
            boolean thought = isThought(content.path(0));
            boolean begun = i == turns.size() - 1;
            if (!user && (begun || has(content, "tool_use")) && !thought) return false;
        }
        return true;
    }

    private static boolean isUser(JsonNode turn) {
        return turn.path("role").asText().equals("user");
    }

    private static boolean has(JsonNode content, String type) {
        for (JsonNode block : content) {
            if (isA(block, type)) return true;
        }
        return false;
    }
}
