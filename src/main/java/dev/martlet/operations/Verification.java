package dev.martlet.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.CallRecord;
import dev.martlet.Catalog;
import dev.martlet.Channel;
import dev.martlet.Channels;
import dev.martlet.ClientLeft;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.Secret;
import dev.martlet.Surface;
import dev.martlet.operations.KeyChecks.Checked;
import dev.martlet.operations.KeyChecks.Status;
import dev.martlet.relay.Probe;
import dev.martlet.server.Door;
import dev.martlet.server.Incoming;
import dev.martlet.server.Outgoing;
import dev.martlet.server.ServerSettings.Allowance;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.SseEvent;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The door of `POST /verify` (seed 002): the caller's keys for providers, each checked against a channel, and an event for
/// each as soon as it is known. The request's body says nothing and is not read.
public final class Verification implements Door {
    static final String PATH = "/verify";

    private static final int KEYS_MAX = 50;
    private static final int CALLS_MAX = 8;
    private static final Allowance ALLOWANCE = new Allowance(6, Duration.ofMinutes(1));

    /// The channel that seed 002's variables make.
    private static final String USUAL = "gemini";

    private static final String BEARER = "Bearer ";
    private static final List<String> KEY_FIELDS = List.of("x-goog-api-key", "x-api-key", "api-key");
    private static final Fields STREAM =
            Fields.of("Content-Type", "text/event-stream", "Cache-Control", "no-cache", "X-Accel-Buffering", "no");

    private final Probe probe;
    private final Supplier<Catalog> catalogs;
    private final Consumer<CallRecord> records;
    private final Semaphore places = new Semaphore(CALLS_MAX);

    /// @param records gets one record a call
    public Verification(Probe probe, Supplier<Catalog> catalogs, Consumer<CallRecord> records) {
        this.probe = probe;
        this.catalogs = catalogs;
        this.records = records;
    }

    @Override
    public Surface surface() {
        return Surface.OPERATIONS;
    }

    @Override
    public boolean opens(Incoming request) {
        return request.path().equals(PATH);
    }

    @Override
    public Optional<Allowance> allowance() {
        return Optional.of(ALLOWANCE);
    }

    @Override
    public void enter(Incoming request, Outgoing answer) {
        if (!request.head().method().equals("POST")) throw new Refused(new Refusal.MethodNotAllowed("POST, OPTIONS"));
        Channel channel = channel(catalogs.get().channels(), wanted(request.head().target()));
        List<Secret> keys = keys(request.head().fields());
        if (!places.tryAcquire()) throw new Refused(new Refusal.Overloaded());
        try {
            new Answer(request, answer).tell(new KeyChecks(probe, channel), keys);
        } finally {
            places.release();
        }
    }

    @Override
    public Page refusal(Refusal why, String requestId) {
        String code = why instanceof Refusal.BadRequest bad ? bad.code() : why.word();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("message", why.message()).put("code", code);
        return Operations.json(why.status(), body.put("request_id", requestId));
    }

    /// The name behind `?channel=`; it may have spaces, which come as `%20` or `+`.
    private static Optional<String> wanted(String target) {
        int query = target.indexOf('?');
        if (query < 0) return Optional.empty();
        return Arrays.stream(target.substring(query + 1).split("&", -1))
                .filter(parameter -> parameter.startsWith("channel="))
                .map(parameter -> decoded(parameter.substring("channel=".length())))
                .findFirst();
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // no channel has a percent sign in its name
        }
    }

    private static Channel channel(Channels channels, Optional<String> wanted) {
        if (wanted.isPresent()) {
            return channels.named(wanted.get()).orElseThrow(() -> bad("channel_not_found", "No channel has this name"));
        }
        return channels.named(USUAL)
                .or(() -> channels.list().stream().filter(Channel::takesCallersKeys).findFirst())
                .or(() -> channels.list().stream().findFirst())
                .orElseThrow(() ->
                        new Refused(
                                new Refusal.NotOffered(
                                        "Keys are checked against a channel, and none is configured: set `channels` in"
                                                + " /etc/martlet/martlet.yaml, or GEMINI_BASE_URL")));
    }

    private static List<Secret> keys(Fields fields) {
        List<Secret> keys =
                fields.first("Authorization")
                        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                        .map(value -> listed(value.substring(BEARER.length())))
                        .filter(list -> !list.isEmpty())
                        .or(() ->
                                KEY_FIELDS.stream()
                                        .flatMap(name -> fields.first(name).stream())
                                        .map(Verification::listed)
                                        .filter(list -> !list.isEmpty())
                                        .findFirst())
                        .orElse(List.of());
        if (keys.isEmpty()) {
            throw bad("keys_required", "No keys to check: send them as Authorization: Bearer <key>,<key>,...");
        }
        if (keys.size() > KEYS_MAX) throw bad("too_many_keys", "More than " + KEYS_MAX + " keys in one request");
        return keys;
    }

    private static List<Secret> listed(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(key -> !key.isEmpty())
                .distinct()
                .map(Secret::new)
                .toList();
    }

    private static Refused bad(String code, String message) {
        return new Refused(new Refusal.BadRequest(code, message, Optional.empty()));
    }

    /// The answer to one call, event by event; leaves its record.
    private final class Answer {
        private final Incoming request;
        private final Outgoing answer;
        private long bytes;

        Answer(Incoming request, Outgoing answer) {
            this.request = request;
            this.answer = answer;
        }

        void tell(KeyChecks checks, List<Secret> keys) {
            Ending ending = Ending.BUG;
            try {
                answer.begin(200, "OK", STREAM, new Framing.Chunked());
                answer.flush();
                checks.run(keys, request.patience(), checked -> event(json(checked).toString()));
                event("[DONE]");
                answer.finish();
                ending = Ending.COMPLETE;
            } catch (ClientLeft left) {
                ending = Ending.of(left.how());
                throw left;
            } catch (RuntimeException bug) {
                event("{\"error\":\"Internal error; the log of the gateway has it\"}");
                answer.finish();
                throw bug;
            } finally {
                records.accept(record(ending));
            }
        }

        private void event(String data) {
            byte[] event = SseEvent.of("", data.getBytes(StandardCharsets.UTF_8));
            answer.write(event, 0, event.length);
            answer.flush();
            bytes += event.length;
        }

        private static ObjectNode json(Checked checked) {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("key", checked.key().masked()).put("status", checked.status().name());
            if (checked.status() != Status.GOOD) json.put("error", checked.error());
            return json.put("responseTime", checked.millis());
        }

        private CallRecord record(Ending ending) {
            return new CallRecord(
                    request.id(),
                    surface(),
                    request.head().method(),
                    request.path(),
                    request.peer(),
                    200,
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    bytes,
                    OptionalLong.empty(),
                    (System.nanoTime() - request.startedAt()) / 1_000_000,
                    ending,
                    Optional.empty(),
                    Optional.empty());
        }
    }
}
