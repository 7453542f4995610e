package dev.martlet;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Any "no" of our own, before it is rendered in the shape of the surface it happened on.
public sealed interface Refusal {
    /// What a no says, whatever the surface.
    ///
    /// @param status     of HTTP
    /// @param message    one sentence for the client: what is wrong, and what is allowed
    /// @param ending     how a call ends that is refused like this
    /// @param retryAfter after how long it makes sense to ask again
    record Terms(int status, String message, Ending ending, Optional<Duration> retryAfter) {
        /// Of a plain no: refused, and to ask again soon makes no sense.
        public Terms(int status, String message) {
            this(status, message, Ending.REFUSED, Optional.empty());
        }
    }

    /// What this one says.
    Terms terms();

    /// The HTTP status.
    default int status() {
        return terms().status();
    }

    /// One sentence for the client.
    default String message() {
        return terms().message();
    }

    /// How the call ends.
    default Ending ending() {
        return terms().ending();
    }

    /// After how long it makes sense to ask again; at least one second.
    default OptionalLong retryAfterSeconds() {
        return terms().retryAfter().stream().mapToLong(wait -> Math.max(1, (wait.toMillis() + 999) / 1000)).findFirst();
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
        public Terms terms() {
            return new Terms(500, "Error: SERVICE_1 and SERVICE_2 must be set.");
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
        public Terms terms() {
            return new Terms(503, "Service Unavailable: Both upstreams failed.", Ending.NO_UPSTREAM, retryAfter);
        }
    }

    /// No service has this name.
    record ServiceNotFound(String name) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(404, "Service '" + name + "' not found");
        }
    }

    /// A path of services that does not name one, or names nothing behind it.
    record ServicePathIncomplete() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(400, "Invalid path format. Expected: /gateway/{service}/{path}");
        }
    }

    /// The services are not there for this caller.
    record ServicesClosed() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    403,
                    "The services of this gateway serve callers on its own machine only; its operator can open them to"
                            + " others with services: {} or a variable such as ALLOWED_ORIGIN");
        }
    }

    /// As many calls are in the background lane as may be.
    record LaneFull() implements Refusal {
        @Override
        public Terms terms() {
            String message = "The background lane is full; try again soon";
            return new Terms(503, message, Ending.QUEUE_FULL, Optional.of(Duration.ofSeconds(1)));
        }
    }

    /// A service that gave no answer.
    ///
    /// @param signal of the last attempt
    record ServiceFailed(Signal signal, Lane lane) implements Refusal {
        @Override
        public Terms terms() {
            ServiceFault fault = fault();
            return new Terms(fault.status(), fault.message(), Ending.NO_UPSTREAM, Optional.empty());
        }

        public ServiceFault fault() {
            return ServiceFault.of(signal);
        }
    }

    /// An answer of a service that is larger than what is passed on.
    record AnswerTooLarge(long bytes, long limitBytes) implements Refusal {
        @Override
        public Terms terms() {
            String size = LaneChoice.megabytes(bytes);
            String limit = LaneChoice.megabytes(limitBytes);
            return new Terms(413, "Response size (" + size + ") exceeds limit (" + limit + ")");
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
        public Terms terms() {
            return new Terms(413, "Invalid request body: larger than " + limitBytes + " bytes, the limit " + key);
        }
    }

    /// The request's body ended early or was badly framed.
    record BodyUnreadable(String what) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(400, "Invalid request body: " + what);
        }
    }

    /// The request's body did not arrive in time.
    record BodyTooSlow() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    408, "Invalid request body: it did not arrive in time", Ending.BODY_TIMEOUT, Optional.empty());
        }
    }

    /// A message that is not well-formed, refused before it is a call.
    record Malformed(int status, String message) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(status, message);
        }
    }

    /// A path that could be read in two ways.
    record BadPath(String what) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(400, "Invalid path: " + what);
        }
    }

    /// A page for the operator, asked for by somebody who may be anybody.
    record ForOperators() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    403,
                    "Forbidden: this page is for requests from the gateway's own machine, to localhost and without a"
                            + " proxy");
        }
    }

    /// Nothing lives at this path.
    record NotFound() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(404, "Not found: nothing answers on this path; GET / lists what there is");
        }
    }

    /// The path is there, but not for this method.
    record MethodNotAllowed(String allowed) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(405, "Method not allowed here; allowed: " + allowed);
        }
    }

    /// Something that HTTP has and Martlet does not offer.
    record NotOffered(String what) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(501, what);
        }
    }

    /// More calls, or more clients, than the gateway holds at the same time.
    record Overloaded() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    503,
                    "Overloaded: the gateway has as much to do as it takes on; try again soon",
                    Ending.QUEUE_FULL,
                    Optional.of(Duration.ofSeconds(1)));
        }
    }

    /// As many long forms wait in files as may.
    record SpoolFull() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    503,
                    "Too many large forms wait in files until they are whole; put `model` before the file, or try again"
                            + " soon",
                    Ending.REFUSED,
                    Optional.of(Duration.ofSeconds(1)));
        }
    }

    /// The gateway's disk is full, or fails.
    record StorageFailed() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    507,
                    "The gateway has no room on its disk to keep this form until it is whole; put `model` before the"
                            + " file, and it need not");
        }
    }

    /// This address asks more often than it may.
    ///
    /// @param limit what it may
    record TooManyRequests(Duration retryAfter, String limit) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    429,
                    "Too many requests from this address; the limit is " + limit,
                    Ending.REFUSED,
                    Optional.of(retryAfter));
        }
    }

    /// Something in the request that cannot be understood or must not be.
    ///
    /// @param code  for programs
    /// @param param the field that it is about
    record BadRequest(String code, String message, Optional<String> param) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(400, message);
        }
    }

    /// A body that is packed in a way that we do not unpack.
    record EncodingUnsupported() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(415, "Content-Encoding is not supported here; send the body as it is");
        }
    }

    /// No channel takes this model.
    record ModelNotFound(String model) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    404,
                    "The model `"
                            + model
                            + "` does not exist here, or no channel is configured for it; GET /v1/models lists"
                            + " those that do");
        }
    }

    /// The channels' own keys are not there for this caller.
    record ClientKeyRequired() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    401,
                    "The keys of this gateway serve callers on its own machine only; its operator can open them to"
                            + " others with clients.required: never");
        }
    }

    /// The channels of this model are used with the caller's own key, and it brought none.
    record ProviderKeyRequired() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(401, "Send your provider's API key, as Authorization: Bearer <key>");
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
        public Terms terms() {
            return new Terms(
                    throttled ? 429 : 502,
                    throttled
                            ? "Every provider of this model asks to wait"
                            : "No provider of this model gave an answer that could be passed on",
                    Ending.NO_UPSTREAM,
                    retryAfter);
        }
    }

    /// The provider's own no, of which nothing but the status can be passed on.
    record ProviderRefused(int status) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    status, "The provider refused the request, and did not say why in a way that can be passed on");
        }
    }

    /// An answer that has to be here as a whole before it can be passed on, and is too large for that.
    ///
    /// @param key of the configuration that says how large one may be
    record AnswerBeyondBound(long limitBytes, String key) implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(
                    502,
                    "The provider's answer is larger than the " + limitBytes + " bytes that " + key + " lets it have");
        }
    }

    /// A stream that its provider did not finish; the client has seen its beginning.
    record AnswerBroken() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(502, "The provider broke off its answer: it is not complete");
        }
    }

    /// The gateway ends, and can wait for an answer no longer.
    record AnswerCutOff() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(503, "The gateway was stopped: the answer is not complete");
        }
    }

    /// A bug of ours; the log has what the client must not see.
    record Unforeseen() implements Refusal {
        @Override
        public Terms terms() {
            return new Terms(500, "Internal error; the log of the gateway has it under this request_id");
        }
    }
}
