package dev.martlet.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.util.SortedMap;

/// Reads a recorded answer without any SDK, straight from its JSON or its events.
final class RecordedFacts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SdkOperation operation;
    private final Facts facts = new Facts();

    private RecordedFacts(SdkOperation operation) {
        this.operation = operation;
    }

    static SortedMap<String, String> of(RecordedExchange exchange) {
        RecordedFacts reading = new RecordedFacts(SdkOperation.of(exchange));
        if (exchange.status() >= 400) reading.error(exchange);
        else if (exchange.contentType().startsWith("text/event-stream")) reading.events(exchange.response());
        else reading.whole(json(exchange.response()));
        return reading.facts.noted();
    }

    private void error(RecordedExchange exchange) {
        facts.set("status", exchange.status());
        if (operation == SdkOperation.MESSAGES || operation == SdkOperation.GENERATE)
            return; // what else is there, is text
        JsonNode body = json(exchange.response());
        text("code", (body.has("error") ? body.path("error") : body).path("code"));
    }

    /// Every recorded stream has its data on single lines.
    private void events(String stream) {
        boolean failed = false;
        for (String line : stream.split("\r\n|\n", -1)) {
            if (line.equals("event: error")) failed = true;
            if (!line.startsWith("data:")) continue;
            String data = line.substring("data:".length()).strip();
            if (data.equals("[DONE]")) return;
            JsonNode event = json(data);
            if (failed || event.path("error").isObject()) {
                facts.set("broken", true);
                return;
            }
            if (event.path("type").asText().equals("ping")) continue; // no SDK shows it
            facts.count("events");
            event(event);
        }
    }

    private void whole(JsonNode answer) {
        switch (operation) {
            case CHAT, COMPLETIONS -> choices(answer, "message");
            case EMBEDDINGS -> embeddings(answer);
            case MODELS -> answer.path("data").forEach(model -> text("ids", model.path("id")));
            case MODEL -> text("ids", answer.path("id"));
            case MODERATIONS -> moderations(answer);
            case IMAGES -> answer.path("data").forEach(this::image);
            case RESPONSES -> response(answer);
            case TRANSCRIPTIONS -> text("text", answer.path("text"));
            case MESSAGES -> message(answer);
            case GENERATE -> candidates(answer);
        }
    }

    private void event(JsonNode event) {
        switch (operation) {
            case CHAT, COMPLETIONS -> choices(event, "delta");
            case RESPONSES -> responseEvent(event);
            case TRANSCRIPTIONS -> {
                text("text", event.path("delta"));
                text("text", event.path("text"));
            }
            case MESSAGES -> messageEvent(event);
            case GENERATE -> candidates(event);
            case EMBEDDINGS, MODELS, MODEL, MODERATIONS, IMAGES -> throw new IllegalStateException("a stream");
        }
    }

    private void choices(JsonNode answer, String content) {
        last("id", answer.path("id"));
        for (JsonNode choice : answer.path("choices")) {
            JsonNode message = choice.path(content);
            text("text", operation == SdkOperation.CHAT ? message.path("content") : choice.path("text"));
            for (JsonNode call : message.path("tool_calls")) {
                text("tools", call.path("function").path("name"));
                text("tools", call.path("function").path("arguments"));
            }
            text("finish", choice.path("finish_reason"));
        }
        last("tokens", answer.path("usage").path("total_tokens"));
    }

    private void embeddings(JsonNode answer) {
        for (JsonNode one : answer.path("data")) {
            JsonNode vector = one.path("embedding");
            facts.add("sizes", (vector.isTextual() ? vector.asText().length() : vector.size()) + " ");
        }
        last("tokens", answer.path("usage").path("total_tokens"));
    }

    private void moderations(JsonNode answer) {
        last("id", answer.path("id"));
        answer.path("results").forEach(result -> text("flagged", result.path("flagged")));
    }

    private void image(JsonNode image) {
        text("images", image.path("url"));
        text("images", image.path("b64_json"));
    }

    private void responseEvent(JsonNode event) {
        switch (event.path("type").asText()) {
            case "response.output_text.delta" -> text("text", event.path("delta"));
            case "response.completed", "response.incomplete", "response.failed" -> response(event.path("response"));
            default -> {}
        }
    }

    private void response(JsonNode response) {
        last("id", response.path("id"));
        last("state", response.path("status"));
        for (JsonNode item : response.path("output")) {
            facts.count("items");
            if (item.path("type").asText().equals("message")) {
                item.path("content").forEach(part -> text("text", part.path("text")));
            } else if (item.path("type").asText().equals("function_call")) {
                text("tools", item.path("name"));
                text("tools", item.path("arguments"));
            }
        }
        last("tokens", response.path("usage").path("total_tokens"));
    }

    private void message(JsonNode message) {
        last("id", message.path("id"));
        message.path("content").forEach(this::block);
        text("finish", message.path("stop_reason"));
        last("tokens", message.path("usage").path("output_tokens"));
    }

    private void messageEvent(JsonNode event) {
        switch (event.path("type").asText()) {
            case "message_start" -> message(event.path("message"));
            case "content_block_start" -> {
                JsonNode block = event.path("content_block");
                text("text", block.path("text"));
                text("tools", block.path("name"));
            }
            case "content_block_delta" -> {
                JsonNode delta = event.path("delta");
                text("text", delta.path("text"));
                text("thoughts", delta.path("thinking"));
                text("tools", delta.path("partial_json"));
            }
            case "message_delta" -> {
                text("finish", event.path("delta").path("stop_reason"));
                last("tokens", event.path("usage").path("output_tokens"));
            }
            default -> {}
        }
    }

    private void block(JsonNode block) {
        text("text", block.path("text"));
        text("thoughts", block.path("thinking"));
        if (!block.path("type").asText().endsWith("tool_use")) return;
        text("tools", block.path("name"));
        facts.add("tools", block.path("input").toString());
    }

    private void candidates(JsonNode answer) {
        last("id", answer.path("responseId"));
        for (JsonNode candidate : answer.path("candidates")) {
            for (JsonNode part : candidate.path("content").path("parts")) {
                text(part.path("thought").asBoolean() ? "thoughts" : "text", part.path("text"));
                JsonNode call = part.path("functionCall");
                text("tools", call.path("name"));
                if (call.has("args")) facts.add("tools", call.path("args").toString());
            }
            text("finish", candidate.path("finishReason"));
        }
        last("tokens", answer.path("usageMetadata").path("totalTokenCount"));
    }

    private void text(String name, JsonNode value) {
        if (value.isTextual() || value.isBoolean()) facts.add(name, value.asText());
    }

    private void last(String name, JsonNode value) {
        if (value.isValueNode() && !value.isNull()) facts.set(name, value.asText());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
