package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Map;

/// Anthropic's Messages.
final class AnthropicGist extends GistReading {
    private final Draft draft = choice(0);
    private final ObjectNode usage = JsonNodeFactory.instance.objectNode();
    private final Map<Integer, Call> calls = new HashMap<>();

    @Override
    void whole(JsonNode answer) {
        for (JsonNode block : answer.path("content")) block(block, -1);
        draft.finish(answer.path("stop_reason"));
        usage(answer.path("usage"));
    }

    @Override
    void event(JsonNode event) {
        int index = event.path("index").asInt();
        switch (text(event.path("type"))) {
            case "message_start" -> usage(event.path("message").path("usage"));
            case "content_block_start" -> block(event.path("content_block"), index);
            case "content_block_delta" -> delta(event.path("delta"), index);
            case "message_delta" -> {
                draft.finish(event.path("delta").path("stop_reason"));
                usage(event.path("usage"));
            }
            default -> {}
        }
    }

    private void block(JsonNode block, int index) {
        switch (text(block.path("type"))) {
            case "text" -> {
                draft.text.append(text(block.path("text")));
                block.path("citations").forEach(_ -> draft.others.add("citation"));
            }
            case "thinking" -> {
                draft.thinking.append(text(block.path("thinking")));
                seal(block.path("signature"));
            }
            case "redacted_thinking" -> seal(block.path("data"));
            case "tool_use" -> {
                Call call = draft.call(text(block.path("id")), text(block.path("name")));
                if (!block.path("input").isEmpty()) call.add("", "", block.path("input").toString());
                calls.put(index, call);
            }
            default -> draft.others.add(text(block.path("type")));
        }
    }

    private void delta(JsonNode delta, int index) {
        switch (text(delta.path("type"))) {
            case "text_delta" -> draft.text.append(text(delta.path("text")));
            case "thinking_delta" -> draft.thinking.append(text(delta.path("thinking")));
            case "signature_delta" -> seal(delta.path("signature"));
            case "citations_delta" -> draft.others.add("citation");
            case "input_json_delta" -> {
                Call call = calls.get(index);
                if (call != null) call.add("", "", text(delta.path("partial_json")));
            }
            default -> draft.others.add(text(delta.path("type")));
        }
    }

    private void seal(JsonNode seal) {
        if (!text(seal).isEmpty()) draft.seals.add(text(seal));
    }

    /// Each count replaces what was counted before; the input leaves out what came from a cache or went into one.
    private void usage(JsonNode counted) {
        counted.properties().stream()
                .filter(one -> !one.getValue().isNull())
                .forEach(one -> usage.set(one.getKey(), one.getValue()));
        if (usage.isEmpty()) return;
        long cached = usage.path("cache_read_input_tokens").asLong();
        count(
                usage.path("input_tokens").asLong() + cached + usage.path("cache_creation_input_tokens").asLong(),
                cached,
                usage.path("output_tokens").asLong(),
                usage.path("output_tokens_details").path("thinking_tokens").asLong());
    }
}
