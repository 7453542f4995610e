package dev.martlet.server;

import dev.martlet.Fields;
import dev.martlet.Refusal;
import dev.martlet.Surface;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/// An entrance: knows which requests are its own, answers them, and knows how a "no" looks here.
public interface Door {
    /// The public API behind this door.
    Surface surface();

    /// Whether this request is for this door; decided by the head alone.
    boolean opens(Incoming request);

    /// Whether it stays open when there is no room for calls: for the few pages that are asked for just then.
    default boolean isAlwaysOpen() {
        return false;
    }

    /// How often one address may ask here, within what it may ask in all.
    default Optional<ServerSettings.Allowance> allowance() {
        return Optional.empty();
    }

    /// Answers the request, or throws [dev.martlet.Refused].
    void enter(Incoming request, Outgoing answer);

    /// How a refusal looks to clients of this door.
    Page refusal(Refusal why, String requestId);

    /// Fields that every answer behind this door carries besides its own; asked for when an answer begins.
    default Fields besides(Incoming request) {
        return Fields.NONE;
    }

    /// A refusal with the fields that belong to it behind every door (RFC 9110, sections 10.2.1 and 10.2.3).
    default Page no(Refusal why, Incoming request) {
        Page refusal = refusal(why, request.id());
        Page page = new Page(refusal.status(), refusal.fields().and(besides(request)), refusal.content());
        if (why instanceof Refusal.MethodNotAllowed(String allowed)) page = page.with("Allow", allowed);
        OptionalLong seconds = why.retryAfterSeconds();
        return seconds.isEmpty() ? page : page.with("Retry-After", Long.toString(seconds.getAsLong()));
    }

    /// A short answer that is known whole.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Page(int status, Fields fields, byte[] content) {
        public static Page json(int status, byte[] content) {
            return new Page(status, Fields.of("Content-Type", "application/json; charset=utf-8"), content);
        }

        public static Page html(String content) {
            byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
            return new Page(200, Fields.of("Content-Type", "text/html; charset=utf-8"), bytes);
        }

        public Page with(String name, String value) {
            return new Page(status, fields.with(name, value), content);
        }
    }
}
