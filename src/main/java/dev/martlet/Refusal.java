package dev.martlet;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Any "no" of our own, before it is rendered in the shape of the surface it happened on.
public sealed interface Refusal {
    /// The HTTP status.
    int status();

    /// One sentence for the client: what is wrong, and what is allowed.
    String message();

    /// After how long it makes sense to ask again.
    default OptionalLong retryAfterSeconds() {
        return OptionalLong.empty();
    }

    /// How a call ends that is refused like this.
    default Ending ending() {
        return Ending.REFUSED;
    }

    private static long secondsOf(Duration time) {
        return Math.max(1, (time.toMillis() + 999) / 1000);
    }

    /// The word for logs and metrics: the name of its kind, `body_too_large`.
    default String word() {
        return word(getClass());
    }

    /// The word of a kind of refusal.
    static String word(Class<?> kind) {
        return kind.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /// The pool of the transparent surface has fewer than two services.
    record NotSetUp(String hint) implements Refusal {
        @Override
        public int status() {
            return 500;
        }

        @Override
        public String message() {
            return "Error: SERVICE_1 and SERVICE_2 must be set.";
        }
    }

    /// Every attempt failed, and none left an answer to pass on.
    ///
    /// @param leftOut    names of targets that were not tried because their breaker is open
    /// @param retryAfter when the first of them is tried again; empty unless all are shut out until then
    record AllFailed(List<Tried> trail, List<String> leftOut, Optional<Duration> retryAfter) implements Refusal {
        public AllFailed {
            trail = List.copyOf(trail);
            leftOut = List.copyOf(leftOut);
        }

        @Override
        public Ending ending() {
            return Ending.NO_UPSTREAM;
        }

        @Override
        public int status() {
            return 503;
        }

        @Override
        public String message() {
            return "Service Unavailable: Both upstreams failed.";
        }

        @Override
        public OptionalLong retryAfterSeconds() {
            return retryAfter.isEmpty() ? OptionalLong.empty() : OptionalLong.of(secondsOf(retryAfter.get()));
        }
    }

    /// The request's body is larger than what we take.
    ///
    /// @param key of the configuration, that sets the limit
    record BodyTooLarge(long limitBytes, String key) implements Refusal {
        /// Larger than any call may bring.
        public BodyTooLarge(long limitBytes) {
            this(limitBytes, "server.limits.upload");
        }

        @Override
        public int status() {
            return 413;
        }

        @Override
        public String message() {
            return "Invalid request body: larger than " + limitBytes + " bytes, the limit " + key;
        }
    }

    /// The request's body ended early or was badly framed.
    record BodyUnreadable(String what) implements Refusal {
        @Override
        public int status() {
            return 400;
        }

        @Override
        public String message() {
            return "Invalid request body: " + what;
        }
    }

    /// The request's body did not arrive in time.
    record BodyTooSlow() implements Refusal {
        @Override
        public Ending ending() {
            return Ending.BODY_TIMEOUT;
        }

        @Override
        public int status() {
            return 408;
        }

        @Override
        public String message() {
            return "Invalid request body: it did not arrive in time";
        }
    }

    /// A message that is not well-formed, refused before it is a call.
    record Malformed(int status, String message) implements Refusal {}

    /// A path that could be read in two ways.
    record BadPath(String what) implements Refusal {
        @Override
        public int status() {
            return 400;
        }

        @Override
        public String message() {
            return "Invalid path: " + what;
        }
    }

    /// A page for the operator, asked for by somebody who may be anybody.
    record ForOperators() implements Refusal {
        @Override
        public int status() {
            return 403;
        }

        @Override
        public String message() {
            return "Forbidden: this page is for requests from the gateway's own machine, to localhost and without a"
                    + " proxy";
        }
    }

    /// Nothing lives at this path.
    record NotFound() implements Refusal {
        @Override
        public int status() {
            return 404;
        }

        @Override
        public String message() {
            return "Not found: this path belongs to Martlet, and nothing answers on it";
        }
    }

    /// The path is there, but not for this method.
    record MethodNotAllowed(String allowed) implements Refusal {
        @Override
        public int status() {
            return 405;
        }

        @Override
        public String message() {
            return "Method not allowed here; allowed: " + allowed;
        }
    }

    /// Something that HTTP has and Martlet does not offer.
    record NotOffered(String what) implements Refusal {
        @Override
        public int status() {
            return 501;
        }

        @Override
        public String message() {
            return what;
        }
    }

    /// More calls, or more clients, than the gateway holds at the same time.
    record Overloaded() implements Refusal {
        @Override
        public Ending ending() {
            return Ending.QUEUE_FULL;
        }

        @Override
        public int status() {
            return 503;
        }

        @Override
        public String message() {
            return "Overloaded: the gateway has as much to do as it takes on; try again soon";
        }

        @Override
        public OptionalLong retryAfterSeconds() {
            return OptionalLong.of(1);
        }
    }

    /// As many long forms wait in files as may.
    record SpoolFull() implements Refusal {
        @Override
        public int status() {
            return 503;
        }

        @Override
        public String message() {
            return "Too many large forms wait in files until they are whole; put `model` before the file, or try again"
                    + " soon";
        }

        @Override
        public OptionalLong retryAfterSeconds() {
            return OptionalLong.of(1);
        }
    }

    /// The gateway's disk is full, or fails.
    record StorageFailed() implements Refusal {
        @Override
        public int status() {
            return 507;
        }

        @Override
        public String message() {
            return "The gateway has no room on its disk to keep this form until it is whole; put `model` before the"
                    + " file, and it need not";
        }
    }

    /// This address asks more often than it may.
    ///
    /// @param limit what it may
    record TooManyRequests(Duration retryAfter, String limit) implements Refusal {
        @Override
        public int status() {
            return 429;
        }

        @Override
        public String message() {
            return "Too many requests from this address; the limit is " + limit;
        }

        @Override
        public OptionalLong retryAfterSeconds() {
            return OptionalLong.of(secondsOf(retryAfter));
        }
    }

    /// Something in the request that cannot be understood or must not be.
    ///
    /// @param code  for programs
    /// @param param the field that it is about
    record BadRequest(String code, String message, Optional<String> param) implements Refusal {
        @Override
        public int status() {
            return 400;
        }
    }

    /// A body that is packed in a way that we do not unpack.
    record EncodingUnsupported() implements Refusal {
        @Override
        public int status() {
            return 415;
        }

        @Override
        public String message() {
            return "Content-Encoding is not supported here; send the body as it is";
        }
    }

    /// No channel takes this model.
    record ModelNotFound(String model) implements Refusal {
        @Override
        public int status() {
            return 404;
        }

        @Override
        public String message() {
            return "The model `"
                    + model
                    + "` does not exist here, or no channel is configured for it; GET /v1/models lists"
                    + " those that do";
        }
    }

    /// The channels' own keys are not there for this caller.
    record ClientKeyRequired() implements Refusal {
        @Override
        public int status() {
            return 401;
        }

        @Override
        public String message() {
            return "The keys of this gateway serve callers on its own machine only; its operator can open them to"
                    + " others with clients.required: never";
        }
    }

    /// The channels of this model are used with the caller's own key, and it brought none.
    record ProviderKeyRequired() implements Refusal {
        @Override
        public int status() {
            return 401;
        }

        @Override
        public String message() {
            return "Send your provider's API key, as Authorization: Bearer <key>";
        }
    }

    /// No channel gave an answer that could be passed on.
    ///
    /// @param leftOut    candidates that were not tried
    /// @param throttled  whether it is only that every key has had enough for now
    /// @param retryAfter when the first of them may be used again, as far as that is known
    record ChannelsFailed(List<Tried> trail, List<LeftOut> leftOut, boolean throttled, Optional<Duration> retryAfter)
            implements Refusal {
        public ChannelsFailed {
            trail = List.copyOf(trail);
            leftOut = List.copyOf(leftOut);
        }

        @Override
        public Ending ending() {
            return Ending.NO_UPSTREAM;
        }

        @Override
        public int status() {
            return throttled ? 429 : 502;
        }

        @Override
        public String message() {
            return throttled
                    ? "Every provider of this model asks to wait"
                    : "No provider of this model gave an answer that could be passed on";
        }

        @Override
        public OptionalLong retryAfterSeconds() {
            return retryAfter.isEmpty() ? OptionalLong.empty() : OptionalLong.of(secondsOf(retryAfter.get()));
        }
    }

    /// The provider's own no, of which nothing but the status can be passed on.
    record ProviderRefused(int status) implements Refusal {
        @Override
        public String message() {
            return "The provider refused the request, and did not say why in a way that can be passed on";
        }
    }

    /// A stream that its provider did not finish; the client has seen its beginning.
    record AnswerBroken() implements Refusal {
        @Override
        public int status() {
            return 502;
        }

        @Override
        public String message() {
            return "The provider broke off its answer: it is not complete";
        }
    }

    /// A bug of ours; the log has what the client must not see.
    record Unforeseen() implements Refusal {
        @Override
        public int status() {
            return 500;
        }

        @Override
        public String message() {
            return "Internal error; the log of the gateway has it under this request_id";
        }
    }
}
