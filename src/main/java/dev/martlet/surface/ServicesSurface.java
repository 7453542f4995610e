package dev.martlet.surface;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Call;
import dev.martlet.Fields;
import dev.martlet.Lane;
import dev.martlet.Loopback;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.ServiceCall;
import dev.martlet.Surface;
import dev.martlet.relay.Relay;
import dev.martlet.server.Door;
import dev.martlet.server.Incoming;
import dev.martlet.server.Outgoing;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Collection;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `/gateway/{service}/{path…}`: forwarded to the service that it names, with the caller's own credentials (seed 001).
final class ServicesSurface implements Door {
    private static final String PREFIX = "/gateway";
    private static final String HEALTH = PREFIX + "/health";
    private static final String EXAMPLE = PREFIX + "/openai/v1/chat/completions";
    private static final String MODE = "X-Processing-Mode";

    /// Empty segments in front of the name and of the path count for nothing, as at the seam of two URLs.
    private static final Pattern PATH = Pattern.compile(PREFIX + "/+([^/]+)/+([^/].*)");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final DateTimeFormatter MILLIS = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private final Relay relay;
    private final Supplier<Collection<String>> names;

    /// @param names of the services there are
    ServicesSurface(Relay relay, Supplier<Collection<String>> names) {
        this.relay = relay;
        this.names = names;
    }

    @Override
    public Surface surface() {
        return Surface.SERVICES;
    }

    /// All below its own path, but for the page that is open when nothing else is.
    @Override
    public boolean opens(Incoming request) {
        String path = request.path();
        return path.equals(PREFIX) || (path.startsWith(PREFIX + "/") && !path.equals(HEALTH));
    }

    @Override
    public void enter(Incoming request, Outgoing answer) {
        RawPath.check(request.path());
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) throw new Refused(new Refusal.ServicePathIncomplete());
        String name = path.group(1);
        if (!NAME.matcher(name).matches()) throw new Refused(new Refusal.ServiceNotFound("?"));
        String query = request.head().target().substring(request.path().length());
        Fields fields = request.head().fields();
        Call call = Calls.of(surface(), request);
        boolean local = Loopback.is(request.socketAddress(), fields);
        ServiceCall asked = new ServiceCall(call, name, "/" + path.group(2) + query, local);
        relay.handle(asked, new CallReply(this, request, answer));
    }

    @Override
    public Fields besides(Incoming request) {
        long millis = (System.nanoTime() - request.startedAt()) / 1_000_000;
        return Fields.of("X-Processing-Time", Long.toString(millis));
    }

    @Override
    public Page refusal(Refusal why, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("error")
                .put("message", why.message())
                .put("type", type(why))
                .put("request_id", requestId)
                .put("timestamp", MILLIS.format(Instant.now()));
        body.put("status", why.status());
        boolean lost = why instanceof Refusal.ServicePathIncomplete || why instanceof Refusal.ServiceNotFound;
        if (lost) names.get().forEach(body.putArray("availableServices")::add);
        if (why instanceof Refusal.ServicePathIncomplete) body.put("example", EXAMPLE);
        Lane lane = lane(why);
        return Page.json(why.status(), body.toString().getBytes(StandardCharsets.UTF_8)).with(MODE, lane.word());
    }

    private static String type(Refusal why) {
        if (why instanceof Refusal.ServiceFailed failed) return failed.fault().name();
        if (why instanceof Refusal.AnswerTooLarge) return "SIZE_LIMIT";
        return why instanceof Refusal.Unforeseen ? "UNKNOWN" : "api_error";
    }

    private static Lane lane(Refusal why) {
        if (why instanceof Refusal.ServiceFailed failed) return failed.lane();
        return why instanceof Refusal.LaneFull ? Lane.BACKGROUND : Lane.EDGE;
    }
}
