package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What Anthropic's API asks of a request beyond the form of each part: what breaks one of these is answered with 400
/// (its reference, "Messages", and the pages about tools, thinking and caching).
final class AnthropicRules {
    private static final int MARKS_MAX = 4;

    private final JsonNode request;
    private final Set<String> faults = new TreeSet<>();

    private AnthropicRules(JsonNode request) {
        this.request = request;
    }

    /// The rules that a request breaks.
    static Optional<String> broken(JsonNode request) {
        AnthropicRules rules = new AnthropicRules(request);
        rules.checkTexts();
        rules.checkTurns();
        rules.checkCalls();
        rules.checkTools();
        rules.checkThinking();
        rules.check(request.findValues("cache_control").size() <= MARKS_MAX, "too many marks for the cache");
        return rules.faults.isEmpty() ? Optional.empty() : Optional.of("400: " + String.join(", ", rules.faults));
    }

    private void check(boolean kept, String rule) {
        if (!kept) faults.add(rule);
    }

    private void checkTexts() {
        List<JsonNode> contents = new ArrayList<>(request.path("messages").findValues("content"));
        contents.add(request.path("system"));
        for (JsonNode content : contents) {
            if (content.isTextual()) check(!content.asText().isBlank(), "blank text");
            else if (!content.isMissingNode()) check(!content.isEmpty(), "no content");
            for (JsonNode block : content) {
                if (is(block, "text")) check(!block.path("text").asText().isBlank(), "blank text");
            }
        }
        for (JsonNode block : request.path("system"))
            if (block.isObject()) check(is(block, "text"), "system is no text");
        for (JsonNode stop : request.path("stop_sequences")) check(!stop.asText().isBlank(), "a blank stop");
    }

    private void checkTurns() {
        JsonNode turns = request.path("messages");
        for (int i = 1; i < turns.size(); i++)
            check(isUser(turns.path(i)) != isUser(turns.path(i - 1)), "turns in a row");
        for (JsonNode turn : turns) {
            JsonNode end = turn.path("content").path(turn.path("content").size() - 1);
            check(!end.path("type").asText().endsWith("thinking"), "thoughts at the end");
        }
        JsonNode last = turns.path(turns.size() - 1).path("content");
        String end = (last.isTextual() ? last : last.path(last.size() - 1).path("text")).asText();
        boolean user = isUser(turns.path(turns.size() - 1));
        check(user || end.equals(end.stripTrailing()), "a begun answer ends with space");
        check(user || !request.path("model").asText().contains("claude-opus-5"), "a begun answer");
    }

    /// Each call has an id of its own, and its result at the beginning of the next turn.
    private void checkCalls() {
        Set<String> ids = new HashSet<>();
        Set<String> open = new HashSet<>();
        for (JsonNode turn : request.path("messages")) {
            boolean other = false;
            for (JsonNode block : turn.path("content")) {
                if (is(block, "tool_result")) {
                    check(!other, "a result behind something else");
                    check(open.remove(block.path("tool_use_id").asText()), "a result without its call");
                }
                other |= !is(block, "tool_result");
            }
            check(open.isEmpty(), "a call without its result");
            for (JsonNode block : turn.path("content")) {
                if (!is(block, "tool_use")) continue;
                String id = block.path("id").asText();
                check(id.matches("[a-zA-Z0-9_-]+") && ids.add(id), "an id of a call");
                open.add(id);
            }
        }
        check(open.isEmpty(), "a call without its result");
    }

    private void checkTools() {
        Set<String> names = new HashSet<>();
        for (JsonNode tool : request.path("tools")) {
            String name = tool.path("name").asText();
            check(name.matches("[a-zA-Z0-9_-]{1,128}") && names.add(name), "the name of a tool");
            JsonNode schema = tool.path("input_schema");
            if (schema.isMissingNode()) continue;
            check(schema.path("type").asText().equals("object"), "the schema of a tool is no object");
            for (String word : List.of("anyOf", "oneOf", "allOf"))
                check(!schema.has(word), word + " in front of a schema");
        }
    }

    private void checkThinking() {
        String thinking = request.path("thinking").path("type").asText();
        boolean on = thinking.equals("enabled") || thinking.equals("adaptive");
        String choice = request.path("tool_choice").path("type").asText();
        boolean forced = choice.equals("any") || choice.equals("tool");
        check(!on || !forced, "thinking beside a forced call");
        for (String word : List.of("temperature", "top_p", "top_k"))
            check(!on || !request.has(word), "thinking and " + word);
        int budget = request.path("thinking").path("budget_tokens").asInt(1024);
        check(
                budget >= 1024 && (!thinking.equals("enabled") || budget < request.path("max_tokens").asInt()),
                "the budget");
        check(request.path("max_tokens").asInt() > 0, "max_tokens");
    }

    private static boolean isUser(JsonNode turn) {
        return turn.path("role").asText().equals("user");
    }

    private static boolean is(JsonNode block, String type) {
        return block.path("type").asText().equals(type);
    }
}
