package dev.martlet.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Chat Completions: models, an answer whole or as events that end with `[DONE]`.
final class OpenAiFormat implements Format {
    private static final List<String> MODELS = List.of("demo-large", "demo-small");

    @Override
    public Answer answer(String method, String path, String query, JsonNode body) {
        return switch (method + " " + path) {
            case "GET /v1/models", "GET /models" -> Answer.ok(models());
            case "POST /v1/chat/completions", "POST /chat/completions" -> chat(body);
            default -> refuse(404, "Unknown request URL: " + method + " " + path + ".");
        };
    }

    @Override
    public ObjectNode error(int status, String message) {
        ObjectNode error = Format.object();
        error.putObject("error")
                .put("message", message)
                .put("type", status < 500 ? "invalid_request_error" : "server_error")
                .putNull("param")
                .putNull("code");
        return error;
    }

    private Answer chat(JsonNode body) {
        JsonNode messages = body.path("messages");
        if (!messages.isArray() || messages.isEmpty()) return refuse(400, "Missing required parameter: 'messages'.");
        JsonNode limit =
                body.has("max_completion_tokens") ? body.path("max_completion_tokens") : body.path("max_tokens");
        Question question = Question.of(messages, "content", limit);
        Speech speech = Speech.on(question);
        String model = body.path("model").asText(MODELS.getFirst());
        if (!body.path("stream").asBoolean()) return Answer.ok(whole(model, question, speech));
        boolean usage = body.path("stream_options").path("include_usage").asBoolean();
        return Answer.events(events(model, question, speech, usage));
    }

    private static ObjectNode whole(String model, Question question, Speech speech) {
        ObjectNode answer = head(model, speech, "chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", speech.text()).putNull("refusal");
        choice.putNull("logprobs").put("finish_reason", reason(speech));
        answer.set("usage", usage(question, speech));
        return answer;
    }

    private static List<String> events(String model, Question question, Speech speech, boolean usage) {
        List<String> events = new ArrayList<>();
        ObjectNode first = head(model, speech, "chat.completion.chunk");
        choice(first).putObject("delta").put("role", "assistant").put("content", "");
        events.add(Format.event(first));
        for (String word : speech.words()) {
            ObjectNode chunk = head(model, speech, "chat.completion.chunk");
            choice(chunk).putObject("delta").put("content", word);
            events.add(Format.event(chunk));
        }
        ObjectNode last = head(model, speech, "chat.completion.chunk");
        choice(last).put("finish_reason", reason(speech)).putObject("delta");
        events.add(Format.event(last));
        if (usage) {
            ObjectNode counted = head(model, speech, "chat.completion.chunk");
            counted.putArray("choices");
            counted.set("usage", usage(question, speech));
            events.add(Format.event(counted));
        }
        events.add("data: [DONE]\n\n");
        return events;
    }

    private static ObjectNode choice(ObjectNode chunk) {
        return chunk.putArray("choices").addObject().put("index", 0).putNull("logprobs").putNull("finish_reason");
    }

    private static ObjectNode head(String model, Speech speech, String kind) {
        return Format.object()
                .put("id", "chatcmpl-demo" + speech.number())
                .put("object", kind)
                .put("created", Instant.now().getEpochSecond())
                .put("model", model);
    }

    private static ObjectNode usage(Question question, Speech speech) {
        return Format.object()
                .put("prompt_tokens", question.tokens())
                .put("completion_tokens", speech.tokens())
                .put("total_tokens", question.tokens() + speech.tokens());
    }

    private static String reason(Speech speech) {
        return speech.whole() ? "stop" : "length";
    }

    private static ObjectNode models() {
        ObjectNode list = Format.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        for (String model : MODELS) {
            data.addObject()
                    .put("id", model)
                    .put("object", "model")
                    .put("created", 1_760_000_000)
                    .put("owned_by", "martlet-demo");
        }
        return list;
    }
}
