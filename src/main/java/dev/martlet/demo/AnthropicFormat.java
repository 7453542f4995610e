package dev.martlet.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/// Messages: models, a count of tokens, an answer whole or as named events.
final class AnthropicFormat implements Format {
    private static final List<String> MODELS = List.of("demo-sonnet", "demo-haiku");

    @Override
    public Answer answer(String method, String path, String query, JsonNode body) {
        return switch (method + " " + path) {
            case "GET /v1/models" -> Answer.ok(models());
            case "POST /v1/messages" -> messages(body);
            case "POST /v1/messages/count_tokens" ->
                    Answer.ok(Format.object().put("input_tokens", question(body).tokens()));
            default -> refuse(404, "Not found: " + method + " " + path);
        };
    }

    @Override
    public ObjectNode error(int status, String message) {
        ObjectNode error = Format.object().put("type", "error");
        error.putObject("error").put("type", kind(status)).put("message", message);
        return error;
    }

    private static String kind(int status) {
        if (status == 404) return "not_found_error";
        return status < 500 ? "invalid_request_error" : "overloaded_error";
    }

    private Answer messages(JsonNode body) {
        if (!body.path("messages").isArray() || body.path("messages").isEmpty()) {
            return refuse(400, "messages: at least one message is required");
        }
        if (!body.path("max_tokens").canConvertToInt()) return refuse(400, "max_tokens: Field required");
        Question question = question(body);
        Speech speech = Speech.on(question);
        String model = body.path("model").asText(MODELS.getFirst());
        return body.path("stream").asBoolean()
                ? Answer.events(events(model, question, speech))
                : Answer.ok(whole(model, question, speech));
    }

    private static Question question(JsonNode body) {
        return Question.of(body.path("messages"), "content", body.path("max_tokens"));
    }

    private static ObjectNode whole(String model, Question question, Speech speech) {
        ObjectNode message = message(model, speech);
        message.putArray("content").addObject().put("type", "text").put("text", speech.text());
        message.put("stop_reason", reason(speech)).putNull("stop_sequence");
        message.set("usage", usage(question.tokens(), speech.tokens()));
        return message;
    }

    private static List<String> events(String model, Question question, Speech speech) {
        List<String> events = new ArrayList<>();
        ObjectNode opened = message(model, speech);
        opened.putArray("content");
        opened.putNull("stop_reason").putNull("stop_sequence").set("usage", usage(question.tokens(), 1));
        events.add(event("message_start", Format.object().set("message", opened)));
        ObjectNode block = Format.object().put("index", 0);
        block.putObject("content_block").put("type", "text").put("text", "");
        events.add(event("content_block_start", block));
        events.add(event("ping", Format.object()));
        for (String word : speech.words()) {
            ObjectNode delta = Format.object().put("index", 0);
            delta.putObject("delta").put("type", "text_delta").put("text", word);
            events.add(event("content_block_delta", delta));
        }
        events.add(event("content_block_stop", Format.object().put("index", 0)));
        ObjectNode ended = Format.object();
        ended.putObject("delta").put("stop_reason", reason(speech)).putNull("stop_sequence");
        ended.putObject("usage").put("output_tokens", speech.tokens());
        events.add(event("message_delta", ended));
        events.add(event("message_stop", Format.object()));
        return events;
    }

    private static String event(String name, ObjectNode content) {
        ObjectNode typed = Format.object().put("type", name);
        typed.setAll(content);
        return "event: " + name + "\n" + Format.event(typed);
    }

    private static ObjectNode message(String model, Speech speech) {
        return Format.object()
                .put("id", "msg_demo" + speech.number())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model);
    }

    private static ObjectNode usage(int in, int out) {
        return Format.object()
                .put("input_tokens", in)
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", out);
    }

    private static String reason(Speech speech) {
        return speech.whole() ? "end_turn" : "max_tokens";
    }

    private static ObjectNode models() {
        ObjectNode list = Format.object();
        ArrayNode data = list.putArray("data");
        for (String model : MODELS) {
            data.addObject()
                    .put("type", "model")
                    .put("id", model)
                    .put("display_name", model)
                    .put("created_at", "2026-01-01T00:00:00Z");
        }
        return list.put("has_more", false).put("first_id", MODELS.getFirst()).put("last_id", MODELS.getLast());
    }
}
