package dev.martlet.server;

import dev.martlet.CallRecord;
import dev.martlet.ClientLeft;
import dev.martlet.Deadline;
import dev.martlet.Departure;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Refusal;
import dev.martlet.Surface;
import dev.martlet.wire.BodyStream;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Http1.RequestHead;
import dev.martlet.wire.Malformed;
import dev.martlet.wire.Source;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.spi.ServerConnection;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

/// One client's connection: lets in well-formed messages only, one after the other, and decides where each one ends.
///
/// It takes the place of Helidon's own HTTP/1 reader, so that no message is ever read by two parsers.
final class Guard implements ServerConnection {
    private static final System.Logger LOG = System.getLogger("martlet.guard");
    private static final int OUT_BYTES = 4608;
    private static final Duration LINGER = Duration.ofSeconds(30);
    private static final Duration LINGER_SILENCE = Duration.ofSeconds(5);
    private static final long LINGER_BYTES_MAX = 64L << 20;

    /// How long an idle client has to notice that this ends.
    static final Duration FAREWELL = Duration.ofMillis(100);

    /// A client that came above the limit has so much time to say what it wants.
    private static final Duration CROWDED_HEAD = Duration.ofSeconds(2);

    /// What is the same for all connections of a listener.
    ///
    /// @param tls     the certificate in force; absent: plain HTTP
    /// @param records gets one record of each message that was refused before it was a call
    record House(
            ServerSettings settings,
            Http1.Limits limits,
            Crowd crowd,
            Edge edge,
            Optional<Supplier<SSLContext>> tls,
            Supplier<List<String>> corsOrigins,
            Consumer<CallRecord> records) {}

    private final Line line;
    private final House house;
    private final Feed feed;
    private final Source source = new Source(this::pull);
    private byte[] out = {};

    private Optional<Deadline> deadline = Optional.empty();
    private Optional<UploadClock> upload = Optional.empty();
    private boolean crowded;

    /// When the wait for the next request began; 0 while there is one. Changed under the lock, so that nobody is sent
    /// away who has just asked for something.
    private volatile long idleSince;

    private boolean dismissed;
    private volatile boolean serving;
    private volatile boolean calledOff;

    Guard(Line line, House house) {
        this.line = line;
        this.house = house;
        this.feed = new Feed(line);
    }

    /// The limit is the listener's; calls are counted by [Turnstile].
    @Override
    public void handle(Limit limit) {
        serve();
    }

    /// Serves the connection to its end.
    void serve() {
        long began = System.nanoTime();
        idleSince = began;
        crowded = !house.crowd().enter(this);
        Duration headTime = crowded ? CROWDED_HEAD : house.settings().times().head();
        try {
            line.dueIn(headTime);
            if (house.tls().isPresent()) line.encrypt(house.tls().get().get());
            Optional<RequestHead> head = awaitHead(headTime);
            while (head.isPresent() && serve(head.get())) head = nextHead();
        } catch (Malformed e) {
            refuse(e.status(), String.valueOf(e.getMessage()), Ending.REFUSED, began);
        } catch (SocketTimeoutException e) {
            refuse(408, "the head did not arrive in time", Ending.BODY_TIMEOUT, began);
        } catch (IOException | ClientLeft e) {
            LOG.log(Level.DEBUG, "client left, peer={0}", peer());
        } finally {
            line.dueIn(house.settings().times().write());
            line.close();
            house.crowd().leave(this);
        }
    }

    /// The listener's own care for idle connections has nothing to do here: [Crowd] does it.
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }

    /// Called by the listener when it stops; running calls are ended by [Crowd].
    @Override
    public void close(boolean interrupt) {
        if (interrupt) cut();
    }

    /// How long it has waited for a request; zero or less while it has one.
    long idleNanos() {
        long since = idleSince;
        return since == 0 ? 0 : System.nanoTime() - since;
    }

    /// Whether a call is running.
    boolean isServing() {
        return serving;
    }

    /// Cuts a client that has nothing running.
    synchronized void cutIfIdle() {
        if (idleSince == 0) return;
        dismissed = true;
        line.cut(Departure.LEFT);
    }

    /// Sends away a client that has nothing running, within this time.
    synchronized void dismissIfIdle(Duration time) {
        if (idleSince == 0) return;
        dismissed = time.isZero();
        if (dismissed) line.hangUp(FAREWELL);
        else line.dueIn(time);
    }

    /// Cuts the line if what it waits for takes too long.
    void cutWhenDue() {
        line.cutWhenDue();
    }

    void cut() {
        line.cut(Departure.CUT);
    }

    /// Ends a call that has taken too long: first it is called off, so that it can say that it is not complete, then cut.
    void end() {
        if (calledOff) cut();
        else feed.callOff();
        calledOff = true;
    }

    private Optional<RequestHead> nextHead() throws IOException {
        rests();
        return awaitHead(house.settings().times().head());
    }

    /// Begins to wait for another request, or for the client to go.
    private synchronized void rests() {
        idleSince = System.nanoTime();
        if (house.crowd().ending()) dismissIfIdle(house.crowd().lastRequest());
        else line.dueIn(house.settings().times().idle());
    }

    /// Whoever says nothing in time is sent away without a word.
    private Optional<RequestHead> awaitHead(Duration headTime) throws IOException {
        deadline = Optional.empty();
        upload = Optional.empty();
        if (source.buffered() == 0 && !source.fill()) return Optional.empty();
        if (!wakes()) return Optional.empty();
        deadline = Optional.of(Deadline.in(headTime));
        return Http1.readRequest(source, house.limits());
    }

    /// A request has begun; false when the client has been sent away in that moment.
    private synchronized boolean wakes() {
        idleSince = 0;
        line.notDue();
        return !dismissed;
    }

    /// Serves one request; false when no other may follow on this connection.
    private boolean serve(RequestHead head) throws IOException {
        long uploadBytes = house.settings().limits().uploadBytes();
        BodyStream content = Http1.body(source, head.framing(), house.limits(), uploadBytes);
        String id = RequestIds.of(head.fields());
        Outgoing answer = new Outgoing(line, this::out, terms(head, id, content));
        RequestBody body =
                new RequestBody(
                        content,
                        uploadBytes,
                        line::departure,
                        () -> {
                            upload = Optional.of(new UploadClock(house.settings().times().body()));
                            if (head.expectsContinue()) answer.allowBody();
                        },
                        () -> feed.bodyComes(false));
        feed.bodyComes(!content.finished());
        Peers client = Peers.of(line.peer(), head.fields(), house.settings().trustedProxies());
        Incoming request = new Incoming(id, head, client, Edge.body(head.framing(), body), feed, System.nanoTime());
        serving = true;
        house.edge().enter(request, answer, crowded);
        serving = false;
        if (!content.finished()) linger();
        return answer.keepsConnection() && content.finished();
    }

    private Outgoing.Terms terms(RequestHead head, String id, BodyStream content) {
        Fields always = Cors.answer(house.corsOrigins().get(), head.fields().first("Origin")).with("x-request-id", id);
        boolean isHead = head.method().equals("HEAD");
        return new Outgoing.Terms(
                head.minor(),
                isHead,
                always,
                house.settings().times().write(),
                () -> !crowded && !house.crowd().ending() && head.keepsAlive() && content.finished());
    }

    /// The room for answers, made for the first one: a client that never asks, or asks slowly, does not hold it.
    private byte[] out() {
        if (out.length == 0) out = new byte[OUT_BYTES];
        return out;
    }

    /// Before a door is known there is one shape of refusal, and nothing more is read as a message.
    private void refuse(int status, String why, Ending ending, long began) {
        String id = RequestIds.fresh();
        house.records().accept(record(id, status, why, ending, (System.nanoTime() - began) / 1_000_000));
        String text =
                "{\"error\":{\"message\":\""
                        + why
                        + "\",\"type\":\"invalid_request_error\",\"code\":\""
                        + code(status)
                        + "\",\"request_id\":\""
                        + id
                        + "\"}}";
        Fields always = Cors.answer(house.corsOrigins().get(), Optional.empty()).with("x-request-id", id);
        Outgoing.Terms terms = new Outgoing.Terms(1, false, always, house.settings().times().write(), () -> false);
        try {
            new Outgoing(line, this::out, terms).send(Door.Page.json(status, text.getBytes(StandardCharsets.UTF_8)));
            linger();
        } catch (ClientLeft e) {
            LOG.log(Level.DEBUG, "client left, peer={0}", peer());
        }
    }

    /// The record of a message that never became a call; HAProxy writes it the same way.
    private CallRecord record(String id, int status, String why, Ending ending, long millis) {
        return new CallRecord(
                id,
                Surface.NONE,
                "<BADREQ>",
                "-",
                peer(),
                status,
                List.of(),
                Optional.of(new Refusal.Malformed(status, why)),
                Optional.empty(),
                0,
                0,
                OptionalLong.empty(),
                millis,
                ending,
                Optional.empty(),
                Optional.empty());
    }

    private static String code(int status) {
        return switch (status) {
            case 408 -> "request_timeout";
            case 413 -> "body_too_large";
            case 414 -> "target_too_long";
            case 431 -> "head_too_large";
            case 501 -> "not_offered";
            case 505 -> "version_not_offered";
            default -> "bad_request";
        };
    }

    /// Reads on for a while and forgets it, so that the client sees our answer and not a reset (RFC 9112, section 9.6).
    private void linger() {
        Deadline end = Deadline.in(LINGER);
        upload = Optional.empty();
        byte[] lost = new byte[8 << 10];
        try {
            line.endOutput();
            long left = LINGER_BYTES_MAX;
            for (int count = 1; count > 0 && left > 0; left -= count) {
                deadline = Optional.of(Deadline.in(LINGER_SILENCE).orSooner(end));
                count = pull(lost, 0, lost.length);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closed behind an unread body, peer={0}", peer());
        }
    }

    private int pull(byte[] into, int from, int length) throws IOException {
        Optional<Deadline> until = upload.map(UploadClock::deadline).or(() -> deadline);
        if (until.filter(Deadline::passed).isPresent()) throw new SocketTimeoutException("the client is too slow");
        if (upload.isEmpty()) return feed.read(into, from, length, until);
        long began = System.nanoTime();
        int count = feed.read(into, from, length, until);
        upload.get().waited(System.nanoTime() - began, count);
        return count;
    }

    private String peer() {
        return line.peer().getHostAddress();
    }
}
