package dev.martlet.surface;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Call;
import dev.martlet.Cause;
import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.Surface;
import dev.martlet.Tried;
import dev.martlet.relay.Relay;
import dev.martlet.server.Door;
import dev.martlet.server.Incoming;
import dev.martlet.server.Outgoing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Everything that no other door takes, forwarded as it came (seed 000). Refusals are `{"error": "<message>", …}`.
final class TransparentSurface implements Door {
    private static final String OPEN = "breaker open (0ms)";

    private final Relay relay;

    TransparentSurface(Relay relay) {
        this.relay = relay;
    }

    @Override
    public Surface surface() {
        return Surface.TRANSPARENT;
    }

    @Override
    public boolean opens(Incoming request) {
        return true;
    }

    @Override
    public void enter(Incoming request, Outgoing answer) {
        RawPath.check(request.path());
        Call call = Calls.of(surface(), request);
        relay.handle(call, new CallReply(this, request, answer));
    }

    @Override
    public Page refusal(Refusal why, String requestId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("error", why.message());
        if (why instanceof Refusal.AllFailed(List<Tried> trail, List<String> leftOut, _)) {
            body.set("details", details(trail, leftOut));
        }
        if (why instanceof Refusal.NotSetUp(String hint)) body.put("hint", hint);
        body.put("request_id", requestId);
        return Page.json(why.status(), body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// `primary`, `backup`, `backup-2`… in the order of the attempts; then those that were not tried.
    private static ObjectNode details(List<Tried> trail, List<String> leftOut) {
        List<String> reasons = new ArrayList<>();
        for (Tried tried : trail) reasons.add(reason(tried.signal()) + " (" + tried.millis() + "ms)");
        for (int i = 0; i < leftOut.size(); i++) reasons.add(OPEN);
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < reasons.size(); i++) {
            details.put(i == 0 ? "primary" : i == 1 ? "backup" : "backup-" + i, reasons.get(i));
        }
        return details;
    }

    private static String reason(Signal signal) {
        return switch (signal) {
            case Signal.Failed _ -> "5xx Error";
            case Signal.Unreachable(Cause cause) -> "fetch failed: " + cause.word();
            case Signal.Broken(Cause cause) -> "fetch failed: " + cause.word();
            case Signal _ -> signal.word();
        };
    }
}
