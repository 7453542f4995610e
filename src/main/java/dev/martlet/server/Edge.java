package dev.martlet.server;

import dev.martlet.Body;
import dev.martlet.CallRecord;
import dev.martlet.ClientLeft;
import dev.martlet.Ending;
import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.wire.Http1.Framing;

import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/// Between the guard and the doors: finds the door, answers what is the same behind all of them, and lets no bug through.
final class Edge {
    private static final System.Logger LOG = System.getLogger("martlet.edge");
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final String ALLOWED = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private final List<Door> doors;
    private final long uploadBytesMax;
    private final Turnstile turnstile;
    private final Visits visits;
    private final Map<Door, Visits> doorVisits = new HashMap<>();
    private final Consumer<CallRecord> records;

    /// @param doors   the first that opens takes the request; the last opens to everything
    /// @param records gets one record of each call that is refused before its door has taken it
    Edge(List<Door> doors, ServerSettings settings, Consumer<CallRecord> records) {
        this.doors = List.copyOf(doors);
        this.uploadBytesMax = settings.limits().uploadBytes();
        this.turnstile = new Turnstile(settings.limits().inFlightMax());
        this.visits = new Visits(settings.perAddress(), "server.per-address", System::nanoTime);
        this.records = records;
        for (Door door : doors) {
            door.allowance()
                    .ifPresent(limit -> doorVisits.put(door, new Visits(limit, limit.text(), System::nanoTime)));
        }
    }

    /// The calls that run now, and how many may.
    Turnstile turnstile() {
        return turnstile;
    }

    /// Answers the request, whatever happens.
    ///
    /// @param crowded whether the client is one above the limit, and may see the operator's pages only
    /// @throws ClientLeft when nobody is there to be answered
    void enter(Incoming request, Outgoing answer, boolean crowded) {
        Door door = door(request);
        try {
            if (request.head().method().equals("OPTIONS")) {
                allow(door, request, answer);
                return;
            }
            checkOffered(request);
            if (door.isAlwaysOpen()) door.enter(request, answer);
            else admit(door, request, answer, crowded);
        } catch (Refused refused) {
            record(request, door, refused.why().status(), Optional.of(refused.why()), refused.why().ending());
            refuse(door, refused.why(), request, answer);
        } catch (ClientLeft left) {
            throw left;
        } catch (RuntimeException | StackOverflowError bug) {
            LOG.log(Level.ERROR, "bug in a call, id=" + request.id(), bug);
            refuse(door, new Refusal.Unforeseen(), request, answer);
        }
    }

    private Door door(Incoming request) {
        for (Door door : doors) {
            if (door.opens(request)) return door;
        }
        return doors.getLast();
    }

    /// What a browser asks before it calls: no key is asked for it, and no upstream.
    private void allow(Door door, Incoming request, Outgoing answer) {
        Fields fields = Cors.preflight(request.head().fields().first("Access-Control-Request-Headers"));
        answer.begin(204, "No Content", fields, new Framing.None());
        answer.finish();
        if (!door.isAlwaysOpen()) record(request, door, 204, Optional.empty(), Ending.COMPLETE);
    }

    /// The operator's pages are open whatever happens; everything else only as far as there is room for it.
    private void admit(Door door, Incoming request, Outgoing answer, boolean crowded) {
        if (crowded) throw new Refused(new Refusal.Overloaded());
        visits.enter(request.peers().client());
        Optional.ofNullable(doorVisits.get(door)).ifPresent(own -> own.enter(request.peers().client()));
        try {
            turnstile.enter(request.patience());
        } catch (ClientLeft left) {
            record(request, door, 499, Optional.empty(), Ending.CLIENT_LEFT_QUEUED);
            throw left;
        }
        try {
            door.enter(request, answer);
        } finally {
            turnstile.leave();
        }
    }

    private void checkOffered(Incoming request) {
        String method = request.head().method();
        if (method.equals("TRACE")) throw new Refused(new Refusal.MethodNotAllowed(ALLOWED));
        if (!METHODS.contains(method)) {
            throw new Refused(new Refusal.NotOffered("Method not known; allowed: " + ALLOWED));
        }
        if (asksForAnotherProtocol(request)) {
            throw new Refused(new Refusal.NotOffered("Upgrade is not offered: this is HTTP/1.1 without WebSocket"));
        }
        boolean tooLarge = request.head().framing() instanceof Framing.Length(long bytes) && bytes > uploadBytesMax;
        if (tooLarge) throw new Refused(new Refusal.BodyTooLarge(uploadBytesMax));
    }

    /// An offer of `h2c` is passed over (RFC 9110, section 7.8): the JDK's own client makes it with every first request.
    private static boolean asksForAnotherProtocol(Incoming request) {
        for (Field field : request.head().fields()) {
            if (field.is("Upgrade") && !field.value().equalsIgnoreCase("h2c")) return true;
        }
        return false;
    }

    /// The record of a call that never reached a relay.
    private void record(Incoming request, Door door, int status, Optional<Refusal> refused, Ending ending) {
        long millis = (System.nanoTime() - request.startedAt()) / 1_000_000;
        records.accept(
                new CallRecord(
                        request.id(),
                        door.surface(),
                        request.head().method(),
                        request.path(),
                        request.peer(),
                        status,
                        List.of(),
                        refused,
                        Optional.empty(),
                        0,
                        0,
                        OptionalLong.empty(),
                        millis,
                        ending,
                        Optional.empty(),
                        Optional.empty()));
    }

    private static void refuse(Door door, Refusal why, Incoming request, Outgoing answer) {
        if (answer.started()) return; // the guard closes an answer that was not finished
        answer.send(door.no(why, request));
    }

    /// The body of a request that has none, or the one behind its head.
    static Body body(Framing framing, RequestBody content) {
        return switch (framing) {
            case Framing.None _ -> new Body.None();
            case Framing.Length(long bytes) -> new Body.Flowing(content, OptionalLong.of(bytes));
            case Framing.Chunked _, Framing.UntilClose _ -> new Body.Flowing(content, OptionalLong.empty());
        };
    }
}
