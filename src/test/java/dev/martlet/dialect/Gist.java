package dev.martlet.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.martlet.Dialect;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/// What an answer says to whoever asked, whole or streamed, whatever its dialect; read by the tests' own eyes.
///
/// @param choices by their index
/// @param tokens  empty when it counts none
record Gist(SortedMap<Integer, Choice> choices, Optional<Tokens> tokens) {
    private static final ObjectMapper SORTED =
            JsonMapper.builder()
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    /// @param text     that is meant for the reader; a refusal too
    /// @param thinking that led to it
    /// @param seals    what proves the thinking to its provider: signatures, and thinking that nobody may read
    /// @param others   what else it has, by kind: images, results of the provider's own tools
    /// @param finish   why it ended, in the dialect's own words; empty when it did not say
    record Choice(
            String text,
            String refusal,
            String thinking,
            List<String> seals,
            List<ToolCall> calls,
            List<String> others,
            String finish) {
        boolean empty() {
            return (text + refusal + thinking + finish).isEmpty() && calls.isEmpty() && others.isEmpty();
        }
    }

    /// @param id        empty when the dialect has none
    /// @param arguments as JSON with its members in order, so that it can be compared; as it is when it is no JSON
    record ToolCall(String id, String name, String arguments) {}

    /// @param input  all of it, from a cache too
    /// @param output all of it, reasoning too
    record Tokens(long input, long cached, long output, long reasoning) {}

    /// How an answer ended, in a word for every dialect.
    enum End {
        STOP,
        LENGTH,
        TOOLS,
        FILTER,
        /// Did not end, or with a word of its provider's own.
        OTHER
    }

    static Gist of(Dialect dialect, JsonNode answer) {
        GistReading reading = GistReading.of(dialect);
        reading.whole(answer);
        return reading.gist();
    }

    /// @param events the data of a stream's events in order
    static Gist of(Dialect dialect, List<JsonNode> events) {
        GistReading reading = GistReading.of(dialect);
        events.forEach(reading::event);
        return reading.gist();
    }

    static End end(Dialect dialect, Choice choice) {
        return switch (dialect) {
            case OPENAI, RESPONSES ->
                    switch (choice.finish) {
                        // So it also says where a call was demanded.
                        case "stop" -> choice.calls.isEmpty() ? End.STOP : End.TOOLS;
                        case "length" -> End.LENGTH;
                        case "tool_calls", "function_call" -> End.TOOLS;
                        case "content_filter" -> End.FILTER;
                        default -> End.OTHER;
                    };
            case ANTHROPIC ->
                    switch (choice.finish) {
                        case "end_turn", "stop_sequence" -> End.STOP;
                        case "max_tokens", "model_context_window_exceeded" -> End.LENGTH;
                        case "tool_use" -> End.TOOLS;
                        case "refusal" -> End.FILTER;
                        default -> End.OTHER;
                    };
            case GEMINI ->
                    switch (choice.finish) {
                        case "STOP" -> choice.calls.isEmpty() ? End.STOP : End.TOOLS;
                        case "MAX_TOKENS", "CONTINUATION" -> End.LENGTH;
                        case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR" ->
                                End.FILTER;
                        default -> End.OTHER;
                    };
        };
    }

    Gist uncounted() {
        return new Gist(choices, Optional.empty());
    }

    /// Where another dialect's gist of the same answer says something else; empty when it does not.
    static Optional<String> lost(Dialect from, Gist before, Dialect to, Gist after) {
        Optional<String> counted = counted(before, after);
        if (counted.isPresent()) return counted;
        for (Map.Entry<Integer, Choice> one : before.choices.entrySet()) {
            Choice was = one.getValue();
            Choice is = after.choices.get(one.getKey());
            String where = "choices[" + one.getKey() + "]";
            if (is == null) {
                if (was.empty()) continue;
                return Optional.of(where + ": it is not there");
            }
            Optional<String> lost = lost(where, from, was, to, is);
            if (lost.isPresent()) return lost;
        }
        return difference("choices", before.choices.keySet(), after.choices.keySet());
    }

    private static Optional<String> lost(String where, Dialect from, Choice was, Dialect to, Choice is) {
        End end = end(from, was);
        return difference(where + ".text", was.text + was.refusal, is.text + is.refusal)
                .or(() -> difference(where + ".thinking", was.thinking, is.thinking))
                .or(() -> difference(where + ".calls", was.calls.size(), is.calls.size()))
                .or(() -> lostCall(where, was.calls, is.calls))
                .or(() ->
                        end == End.OTHER
                                ? Optional.empty()
                                : difference(
                                        where + ".end",
                                        end + " (" + was.finish + ")",
                                        end(to, is) + " (" + is.finish + ")",
                                        end == end(to, is)));
    }

    /// Calls that had no id may have got one.
    private static Optional<String> lostCall(String where, List<ToolCall> before, List<ToolCall> after) {
        for (int i = 0; i < before.size(); i++) {
            ToolCall was = before.get(i);
            ToolCall is = after.get(i);
            ToolCall expected = was.id.isEmpty() ? new ToolCall(is.id, was.name, was.arguments) : was;
            Optional<String> lost = difference(where + ".calls[" + i + "]", expected, is);
            if (lost.isPresent()) return lost;
        }
        return Optional.empty();
    }

    /// The first difference to another gist in the same dialect.
    Optional<String> difference(Gist other) {
        for (Integer index : choices.keySet()) {
            Choice was = Objects.requireNonNull(choices.get(index));
            Choice is = other.choices.get(index);
            String where = "choices[" + index + "]";
            if (is == null) return Optional.of(where + ": it is not there");
            Optional<String> found =
                    difference(where + ".text", was.text, is.text)
                            .or(() -> difference(where + ".refusal", was.refusal, is.refusal))
                            .or(() -> difference(where + ".thinking", was.thinking, is.thinking))
                            .or(() -> difference(where + ".seals", was.seals, is.seals))
                            .or(() -> difference(where + ".calls", was.calls.size(), is.calls.size()))
                            .or(() -> lostCall(where, was.calls, is.calls))
                            .or(() -> difference(where + ".others", was.others, is.others))
                            .or(() -> difference(where + ".finish", was.finish, is.finish));
            if (found.isPresent()) return found;
        }
        return difference("choices", choices.keySet(), other.choices.keySet()).or(() -> counted(this, other));
    }

    /// Who counted none may have got a count of none: some dialects want one.
    private static Optional<String> counted(Gist before, Gist after) {
        return before.tokens.isEmpty() ? Optional.empty() : difference("tokens", before.tokens, after.tokens);
    }

    private static Optional<String> difference(String what, Object was, Object is) {
        return difference(what, was.toString(), is.toString(), was.equals(is));
    }

    /// Both from a little before where they part.
    private static Optional<String> difference(String what, String was, String is, boolean same) {
        if (same) return Optional.empty();
        int at = 0;
        while (at < Math.min(was.length(), is.length()) && was.charAt(at) == is.charAt(at)) at++;
        return Optional.of(what + ": " + excerpt(was, at) + " became " + excerpt(is, at));
    }

    private static String excerpt(String text, int at) {
        int from = Math.max(0, at - 20);
        int to = Math.min(text.length(), at + 80);
        String part = text.substring(from, to).replace("\n", "\\n");
        return "«" + (from > 0 ? "…" : "") + part + (to < text.length() ? "…" : "") + "»";
    }

    /// JSON that can be compared: members in order.
    /// Arguments: none are an object without members, and what is none is kept as it is, by some in an object.
    static String canonical(String json) {
        if (json.isBlank() || json.strip().equals("null")) return "{}";
        try {
            JsonNode tree = SORTED.readTree(json);
            JsonNode kept = tree.path("INVALID_JSON");
            return tree.size() == 1 && kept.isTextual() ? kept.asText() : canonical(tree);
        } catch (JsonProcessingException e) {
            return json;
        }
    }

    static String canonical(JsonNode json) {
        try {
            return SORTED.writeValueAsString(SORTED.treeToValue(json, Object.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
