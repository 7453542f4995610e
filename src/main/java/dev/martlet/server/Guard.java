package dev.martlet.server;

import dev.martlet.ClientLeft;
import dev.martlet.Deadline;
import dev.martlet.Fields;
import dev.martlet.wire.BodyStream;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Http1.RequestHead;
import dev.martlet.wire.Malformed;
import dev.martlet.wire.Source;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One client's connection: lets in well-formed messages only, one after the other, and decides where each one ends.
///
/// It takes the place of Helidon's own HTTP/1 reader, so that no message is ever read by two parsers.
final class Guard implements ServerConnection {
    private static final System.Logger LOG = System.getLogger("martlet.guard");
    private static final int OUT_BYTES = 4608;
    private static final Duration LINGER = Duration.ofSeconds(5);
    private static final long LINGER_BYTES_MAX = 64L << 20;

    /// What is the same for all connections of a listener.
    record House(ServerSettings settings, Http1.Limits limits, Edge edge, Supplier<List<String>> corsOrigins) {}

    private final ConnectionContext connection;
    private final House house;
    private final Feed feed;
    private final Source source = new Source(this::pull);
    private final byte[] out = new byte[OUT_BYTES];

    private Optional<Deadline> deadline = Optional.empty();
    private volatile boolean stopping;
    private volatile boolean awaitsRequest;
    private volatile @Nullable Thread thread;
    private volatile long lastRequestAt = System.nanoTime();

    Guard(ConnectionContext connection, House house) {
        this.connection = connection;
        this.house = house;
        this.feed = new Feed(connection.serverSocket());
    }

    @Override
    public void handle(Limit limit) {
        thread = Thread.currentThread();
        try {
            while (!stopping) {
                Optional<RequestHead> head = nextHead();
                if (head.isEmpty() || !serve(head.get())) return;
            }
        } catch (Malformed e) {
            refuse(e.status(), String.valueOf(e.getMessage()));
        } catch (SocketTimeoutException e) {
            refuse(408, "the head did not arrive in time");
        } catch (IOException | ClientLeft e) {
            LOG.log(Level.DEBUG, "client left, peer={0}", peer());
        }
    }

    @Override
    public Duration idleTime() {
        return awaitsRequest ? Duration.ofNanos(System.nanoTime() - lastRequestAt) : Duration.ZERO;
    }

    /// Called by the listener when it stops or the connection was idle for too long; a running call is left alone unless forced.
    @Override
    public void close(boolean interrupt) {
        stopping = true;
        Thread runner = thread;
        if (runner != null && (interrupt || awaitsRequest)) runner.interrupt();
    }

    private Optional<RequestHead> nextHead() throws IOException {
        lastRequestAt = System.nanoTime();
        if (source.buffered() == 0) {
            deadline = Optional.empty();
            awaitsRequest = true;
            boolean more = source.fill();
            awaitsRequest = false;
            if (!more) return Optional.empty();
        }
        deadline = Optional.of(Deadline.in(house.settings().times().head()));
        return Http1.readRequest(source, house.limits());
    }

    /// Serves one request; false when no other may follow on this connection.
    private boolean serve(RequestHead head) throws IOException {
        BodyStream content =
                Http1.body(source, head.framing(), house.limits(), house.settings().limits().uploadBytes());
        String id = RequestIds.of(head.fields());
        Outgoing answer = new Outgoing(connection.dataWriter(), out, terms(head, id, content));
        RequestBody body =
                new RequestBody(
                        content,
                        house.settings().limits().uploadBytes(),
                        () -> {
                            deadline = Optional.of(Deadline.in(house.settings().times().body()));
                            if (head.expectsContinue()) answer.allowBody();
                        });
        Incoming request = new Incoming(id, head, peer(), Edge.body(head.framing(), body), feed, System.nanoTime());
        if (head.method().equals("OPTIONS")) preflight(answer);
        else house.edge().enter(request, answer);
        if (!content.finished()) linger();
        return answer.keepsConnection() && content.finished();
    }

    private Outgoing.Terms terms(RequestHead head, String id, BodyStream content) {
        Fields always = Cors.answer(house.corsOrigins().get(), head.fields().first("Origin")).with("x-request-id", id);
        boolean isHead = head.method().equals("HEAD");
        return new Outgoing.Terms(
                head.minor(), isHead, always, () -> !stopping && head.keepsAlive() && content.finished());
    }

    private static void preflight(Outgoing answer) {
        answer.begin(204, "No Content", Cors.PREFLIGHT, new Http1.Framing.None());
        answer.finish();
    }

    /// Before a door is known there is one shape of refusal, and nothing more is read as a message.
    private void refuse(int status, String why) {
        LOG.log(Level.INFO, "refused a message from {0}: {1} ({2})", peer(), status, why);
        String text =
                "{\"error\":{\"message\":\"" + why + "\",\"type\":\"invalid_request_error\",\"code\":\"bad_request\"}}";
        Outgoing.Terms terms = new Outgoing.Terms(1, false, Fields.of("Access-Control-Allow-Origin", "*"), () -> false);
        try {
            new Outgoing(connection.dataWriter(), out, terms)
                    .send(Door.Page.json(status, text.getBytes(StandardCharsets.UTF_8)));
            linger();
        } catch (ClientLeft e) {
            LOG.log(Level.DEBUG, "client left, peer={0}", peer());
        }
    }

    /// Reads on for a while and forgets it, so that the client sees our answer and not a reset (RFC 9112, section 9.6).
    private void linger() {
        deadline = Optional.of(Deadline.in(LINGER));
        byte[] lost = new byte[8 << 10];
        try {
            long left = LINGER_BYTES_MAX;
            for (int count = pull(lost, 0, lost.length); count > 0 && left > 0; count = pull(lost, 0, lost.length)) {
                left -= count;
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closed behind an unread body, peer={0}", peer());
        }
    }

    private int pull(byte[] into, int from, int length) throws IOException {
        return feed.read(into, from, length, deadline);
    }

    private String peer() {
        return connection.remotePeer().address() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : "unknown";
    }
}
