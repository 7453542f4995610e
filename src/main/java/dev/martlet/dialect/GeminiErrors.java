package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/// Errors, there and back: `google.rpc.Status`, and OpenAI's `error`. What Google says beyond a message, its canonical code
/// and the details, travels as `error.extra_content.google`.
final class GeminiErrors {
    static final String KEY_INVALID = "API_KEY_INVALID";

    /// In the name of a quota (`GenerateRequestsPerDayPerProjectPerModel-FreeTier`).
    static final String PER_DAY = "PerDay";

    /// The statuses of the canonical codes (google/rpc/code.proto).
    private static final Map<String, Integer> STATUSES =
            Map.ofEntries(
                    Map.entry("INVALID_ARGUMENT", 400),
                    Map.entry("FAILED_PRECONDITION", 400),
                    Map.entry("OUT_OF_RANGE", 400),
                    Map.entry("UNAUTHENTICATED", 401),
                    Map.entry("PERMISSION_DENIED", 403),
                    Map.entry("NOT_FOUND", 404),
                    Map.entry("ABORTED", 409),
                    Map.entry("ALREADY_EXISTS", 409),
                    Map.entry("RESOURCE_EXHAUSTED", 429),
                    Map.entry("CANCELLED", 499),
                    Map.entry("INTERNAL", 500),
                    Map.entry("UNKNOWN", 500),
                    Map.entry("DATA_LOSS", 500),
                    Map.entry("UNIMPLEMENTED", 501),
                    Map.entry("UNAVAILABLE", 503),
                    Map.entry("DEADLINE_EXCEEDED", 504));

    private GeminiErrors() {}

    /// Whether an event is an error.
    static boolean isOne(ObjectNode event) {
        JsonNode error = event.path("error");
        return error.isObject() || (error.isTextual() && !error.textValue().isEmpty());
    }

    /// The status that goes with a canonical code.
    static OptionalInt status(String word) {
        Integer status = STATUSES.get(word);
        return status == null ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /// An error in the place of an event, which has no status but the one that it names.
    static ObjectNode eventToHub(ObjectNode event) {
        JsonNode error = event.path("error");
        int code = error.path("code").asInt();
        boolean named = code >= 400 && code < 600;
        return toHub(named ? code : status(error.path("status").asText()).orElse(500), event);
    }

    static ObjectNode toHub(int status, ObjectNode body) {
        JsonNode error = body.path("error");
        JsonNode details = error.path("details");
        String word = error.path("status").asText();
        String message = message(status, body);
        boolean badKey = says(details, "reason", KEY_INVALID);
        ObjectNode hub = JsonNodeFactory.instance.objectNode();
        ObjectNode said =
                hub.putObject("error")
                        .put("message", message)
                        .put("type", ErrorBody.type(badKey ? 401 : status))
                        .putNull("param")
                        .put("code", badKey ? "invalid_api_key" : code(status, word, message, details));
        if (error.isObject() && !(word.equals(word(status)) && details.isEmpty())) {
            ObjectNode google = said.putObject("extra_content").putObject("google");
            if (!word.isEmpty()) google.put("status", word);
            if (!details.isEmpty()) google.set("details", details);
        }
        return hub;
    }

    private static String message(int status, ObjectNode body) {
        JsonNode error = body.path("error");
        return Shape.some(error.path("message"))
                .or(() -> Shape.some(error))
                .or(() -> Shape.some(body.path("message")))
                .orElseGet(() -> "The provider answered with status " + status);
    }

    /// What OpenAI calls it where it has a word, else the canonical code.
    private static String code(int status, String word, String message, JsonNode details) {
        if (status == 404 && GeminiErrorReading.isOfModel(message)) return "model_not_found";
        return switch (status) {
            case 401 -> "invalid_api_key";
            case 429 -> quotaGone(details) ? "insufficient_quota" : "rate_limit_exceeded";
            default -> (word.isEmpty() ? word(status) : word).toLowerCase(Locale.ROOT);
        };
    }

    private static boolean quotaGone(JsonNode details) {
        for (JsonNode detail : details) {
            for (JsonNode violation : detail.path("violations")) {
                if (violation.path("quotaId").asText().contains(PER_DAY)) return true;
            }
        }
        return false;
    }

    private static boolean says(JsonNode list, String name, String text) {
        for (JsonNode one : list) {
            if (one.path(name).asText().equals(text)) return true;
        }
        return false;
    }

    /// An error in the place of an event of the hub.
    static ObjectNode eventFromHub(ObjectNode hub) {
        int code = hub.path("error").path("code").asInt();
        return fromHub(code >= 400 && code < 600 ? code : 500, hub);
    }

    static ObjectNode fromHub(int status, ObjectNode hub) {
        JsonNode error = hub.path("error");
        JsonNode google = error.path("extra_content").path("google");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode said =
                body.putObject("error")
                        .put("code", status)
                        .put("message", message(status, hub))
                        .put("status", Shape.some(google.path("status")).orElseGet(() -> word(status)));
        if (!google.path("details").isEmpty()) said.set("details", google.path("details"));
        return body;
    }

    /// The canonical code that goes with a status.
    private static String word(int status) {
        return switch (status) {
            case 401 -> "UNAUTHENTICATED";
            case 402, 429 -> "RESOURCE_EXHAUSTED";
            case 403 -> "PERMISSION_DENIED";
            case 404 -> "NOT_FOUND";
            case 408, 504 -> "DEADLINE_EXCEEDED";
            case 409 -> "ABORTED";
            case 412 -> "FAILED_PRECONDITION";
            case 499 -> "CANCELLED";
            case 501 -> "UNIMPLEMENTED";
            case 502, 503, 529 -> "UNAVAILABLE";
            default -> status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
        };
    }
}
