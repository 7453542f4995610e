package dev.martlet.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// generateContent: models, a count of tokens, an answer whole, as events, or as a JSON array that arrives bit by bit.
final class GeminiFormat implements Format {
    private static final String MODELS = "/v1beta/models";
    private static final List<String> NAMES = List.of("demo-pro", "demo-flash");

    @Override
    public Answer answer(String method, String path, String query, JsonNode body) {
        if (method.equals("GET") && path.equals(MODELS)) return Answer.ok(models());
        int colon = path.indexOf(':');
        if (!method.equals("POST") || !path.startsWith(MODELS + "/") || colon < 0) return refuse(404, "Not found.");
        String model = path.substring(MODELS.length() + 1, colon);
        if (!body.path("contents").isArray() || body.path("contents").isEmpty()) {
            return refuse(400, "GenerateContentRequest.contents: contents is not specified");
        }
        Question question =
                Question.of(body.path("contents"), "parts", body.path("generationConfig").path("maxOutputTokens"));
        return switch (path.substring(colon + 1)) {
            case "generateContent" -> Answer.ok(whole(model, question, Speech.on(question)));
            case "streamGenerateContent" -> stream(query, pieces(model, question, Speech.on(question)));
            case "countTokens" -> Answer.ok(Format.object().put("totalTokens", question.tokens()));
            default -> refuse(404, "Not found.");
        };
    }

    @Override
    public ObjectNode error(int status, String message) {
        ObjectNode error = Format.object();
        error.putObject("error").put("code", status).put("message", message).put("status", kind(status));
        return error;
    }

    private static String kind(int status) {
        if (status == 404) return "NOT_FOUND";
        return status < 500 ? "INVALID_ARGUMENT" : "UNAVAILABLE";
    }

    private static Answer stream(String query, List<ObjectNode> pieces) {
        if (Arrays.asList(query.split("&")).contains("alt=sse")) {
            return Answer.events(pieces.stream().map(Format::event).toList());
        }
        List<String> array = new ArrayList<>();
        for (ObjectNode piece : pieces) array.add((array.isEmpty() ? "[" : ",\n") + piece);
        array.add("]");
        return new Answer.Streamed("application/json", array);
    }

    private static ObjectNode whole(String model, Question question, Speech speech) {
        ObjectNode answer = piece(model, speech, speech.text());
        ((ObjectNode) answer.path("candidates").path(0)).put("finishReason", reason(speech));
        answer.set("usageMetadata", usage(question, speech.tokens()));
        return answer;
    }

    private static List<ObjectNode> pieces(String model, Question question, Speech speech) {
        List<ObjectNode> pieces = new ArrayList<>();
        for (String word : speech.words()) {
            ObjectNode piece = piece(model, speech, word);
            piece.set("usageMetadata", usage(question, pieces.size() + 1));
            pieces.add(piece);
        }
        ((ObjectNode) pieces.getLast().path("candidates").path(0)).put("finishReason", reason(speech));
        return pieces;
    }

    private static ObjectNode piece(String model, Speech speech, String text) {
        ObjectNode answer = Format.object();
        ObjectNode candidate = answer.putArray("candidates").addObject();
        ObjectNode content = candidate.putObject("content");
        content.putArray("parts").addObject().put("text", text);
        content.put("role", "model");
        candidate.put("index", 0);
        return answer.put("modelVersion", model).put("responseId", "demo" + speech.number());
    }

    private static ObjectNode usage(Question question, int tokens) {
        return Format.object()
                .put("promptTokenCount", question.tokens())
                .put("candidatesTokenCount", tokens)
                .put("totalTokenCount", question.tokens() + tokens);
    }

    private static String reason(Speech speech) {
        return speech.whole() ? "STOP" : "MAX_TOKENS";
    }

    private static ObjectNode models() {
        ObjectNode list = Format.object();
        ArrayNode models = list.putArray("models");
        for (String name : NAMES) {
            ObjectNode model = models.addObject().put("name", "models/" + name).put("displayName", name);
            model.put("inputTokenLimit", 1_048_576).put("outputTokenLimit", 65_536);
            model.putArray("supportedGenerationMethods").add("generateContent").add("countTokens");
        }
        return list;
    }
}
