package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.wire.Json;
import dev.martlet.wire.Json.Names;
import dev.martlet.wire.Json.Value;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/// Errors as Anthropic writes them (its reference, "Errors"): each type has its status, and texts say what no type does.
final class AnthropicErrors {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Names INSIDE = Names.of("type", "message");
    private static final String BAD_REQUEST = "invalid_request_error";
    private static final String API_ERROR = "api_error";

    private static final Map<String, Integer> STATUSES =
            Map.ofEntries(
                    Map.entry(BAD_REQUEST, 400),
                    Map.entry("authentication_error", 401),
                    Map.entry("billing_error", 402),
                    Map.entry("permission_error", 403),
                    Map.entry("not_found_error", 404),
                    Map.entry("request_too_large", 413),
                    Map.entry("rate_limit_error", 429),
                    Map.entry(API_ERROR, 500),
                    Map.entry("timeout_error", 504),
                    Map.entry("overloaded_error", 529));

    private static final Map<Integer, String> TYPES =
            STATUSES.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private AnthropicErrors() {}

    /// What an answer says about an error, in the codes that [ErrorReading] judges.
    static ErrorReading read(Json json) {
        Optional<Value> error = json.members().find("error").filter(value -> value.is(Json.Kind.OBJECT));
        if (error.isEmpty()) return OpenAiErrorReading.of(json);
        Json.Members inside = error.get().members(INSIDE);
        String type = inside.find("type").flatMap(Value::text).orElse("").toLowerCase(Locale.ROOT);
        String message = inside.find("message").flatMap(Value::text).orElse("").toLowerCase(Locale.ROOT);
        Integer status = STATUSES.get(type);
        OptionalInt number = status == null ? OptionalInt.empty() : OptionalInt.of(status);
        return new OpenAiErrorReading(true, code(type, message), type, number, message);
    }

    /// OpenAI's code for an error of Anthropic's; where it has none, the type.
    ///
    /// @param message in lower case; counts as it begins: behind that the caller's own words may stand
    private static String code(String type, String message) {
        return switch (type) {
            case BAD_REQUEST -> code(message);
            case "authentication_error" -> "invalid_api_key";
            case "billing_error" -> "insufficient_quota";
            case "permission_error" -> "permission_denied";
            case "not_found_error" -> message.startsWith("model: ") ? "model_not_found" : type;
            case "rate_limit_error" -> message.contains("daily rate limit") ? "quota_exceeded" : "rate_limit_exceeded";
            default -> type;
        };
    }

    private static String code(String message) {
        if (message.startsWith("your credit balance is too low")) return "insufficient_quota";
        if (message.startsWith("you have reached your specified api usage limits")) return "insufficient_quota";
        if (message.startsWith("this organization has been disabled")) return "invalid_api_key";
        boolean tooLong =
                message.startsWith("prompt is too long")
                        || message.startsWith("input length and `max_tokens` exceed context limit");
        return tooLong ? "context_length_exceeded" : "invalid_request";
    }

    static ObjectNode toHub(int status, ObjectNode answer) {
        JsonNode error = answer.path("error");
        String type = error.path("type").asText("");
        String message = message(answer);
        ObjectNode hub = NODES.objectNode();
        ObjectNode inside =
                hub.putObject("error")
                        .put("message", message)
                        .put("type", ErrorBody.type(status))
                        .putNull("param")
                        .put("code", code(type.isEmpty() ? type(status) : type, message.toLowerCase(Locale.ROOT)));
        Shape.some(answer.path("request_id")).ifPresent(id -> inside.put("request_id", id));
        return hub;
    }

    static ObjectNode fromHub(int status, ObjectNode hub) {
        ObjectNode answer = NODES.objectNode().put("type", "error");
        answer.putObject("error").put("type", type(status)).put("message", message(hub));
        Shape.some(hub.path("error").path("request_id")).ifPresent(id -> answer.put("request_id", id));
        return answer;
    }

    private static String type(int status) {
        if (status == 503) return "overloaded_error";
        return TYPES.getOrDefault(status, status < 500 ? BAD_REQUEST : API_ERROR);
    }

    /// What is said, in the places where it is by one or the other; never nothing.
    private static String message(ObjectNode answer) {
        JsonNode error = answer.path("error");
        return Shape.some(error.path("message"))
                .or(() -> Shape.some(error))
                .or(() -> Shape.some(answer.path("message")))
                .or(() -> Shape.some(answer.path("detail")))
                .orElse("The provider failed, and did not say why");
    }

    /// Whether a chunk of the hub is an error.
    static boolean isError(ObjectNode chunk) {
        JsonNode error = chunk.path("error");
        return error.isObject() || error.isTextual();
    }

    /// The status that an error of either dialect would have as an answer of its own.
    static int status(ObjectNode answer) {
        JsonNode error = answer.path("error");
        String type = error.path("type").asText("");
        String code = error.path("code").asText("");
        Integer own = STATUSES.getOrDefault(code, STATUSES.get(type));
        if (own != null) return own;
        if (code.matches("[45][0-9]{2}")) return Integer.parseInt(code);
        return OpenAiErrorReading.status(code, type).orElse(500);
    }
}
