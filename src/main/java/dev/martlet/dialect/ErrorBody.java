package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.wire.SseEvent;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A refusal as OpenAI writes errors: what its SDKs turn into their exceptions. Adds `request_id`, and always has a `code`.
public final class ErrorBody {
    private ErrorBody() {}

    /// The body of an answer.
    public static byte[] of(Refusal refusal, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("message", refusal.message())
                .put("type", type(refusal.status()))
                .put("param", param(refusal).orElse(null))
                .put("code", code(refusal))
                .put("request_id", requestId);
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The last event of a stream that went wrong after it began; no `[DONE]` follows it.
    public static byte[] event(Refusal refusal, String requestId) {
        return SseEvent.of("", of(refusal, requestId));
    }

    /// OpenAI's API reference, "Error codes".
    static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 402, 429 -> "rate_limit_error";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }

    private static Optional<String> param(Refusal refusal) {
        return switch (refusal) {
            case Refusal.BadRequest bad -> bad.param();
            case Refusal.ModelNotFound _ -> Optional.of("model");
            default -> Optional.empty();
        };
    }

    private static String code(Refusal refusal) {
        return switch (refusal) {
            case Refusal.BadRequest bad -> bad.code();
            case Refusal.EncodingUnsupported _ -> "unsupported_encoding";
            case Refusal.BodyTooSlow _ -> "request_timeout";
            case Refusal.TooManyRequests _ -> "rate_limit_exceeded";
            case Refusal.ClientKeyRequired _, Refusal.ProviderKeyRequired _ -> "invalid_api_key";
            case Refusal.ChannelsFailed failed -> code(failed);
            default -> refusal.word();
        };
    }

    /// What the last attempt came to.
    private static String code(Refusal.ChannelsFailed failed) {
        if (failed.throttled()) return "rate_limit_exceeded";
        if (failed.trail().isEmpty()) return "upstream_unavailable";
        return switch (failed.trail().getLast().signal()) {
            case Signal.Nonsense _ -> "upstream_bad_content";
            case Signal.Broken _ -> "upstream_no_response";
            case Signal.Unreachable _, Signal.Busy _, Signal.Unfit _ -> "upstream_unavailable";
            default -> "upstream_failed";
        };
    }
}
