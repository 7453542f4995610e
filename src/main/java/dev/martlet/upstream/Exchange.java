package dev.martlet.upstream;

import dev.martlet.Cause;
import dev.martlet.Deadline;
import dev.martlet.Patience;
import dev.martlet.Target;
import dev.martlet.wire.BodyStream;
import dev.martlet.wire.Http1;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.ResponseHead;
import dev.martlet.wire.Malformed;
import dev.martlet.wire.Source;
import dev.martlet.wire.Truncated;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A request that was sent, the head of its answer, and the answer's body as it arrives.
///
/// Closing it gives the connection back when both messages ended cleanly, and closes it otherwise: that is also how a
/// request is called off. Not for more than one thread at a time.
public final class Exchange implements AutoCloseable {
    /// A client is not looked after before an upstream has been silent for so long: most answers come sooner.
    private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /// An end that was under way when the request was sent is here by then, however far the peer.
    private static final long CROSSING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int INTERIM_MAX = 16;

    /// What an exchange needs of the room.
    ///
    /// @param end when it has to be over, whatever it does then
    record House(UpstreamSettings settings, Pool pool, Patrol patrol, Patience patience, Deadline end) {}

    /// One wait for the peer, and when it has been too long ([System#nanoTime]).
    private record Wait(long since, long until) {}

    private final Connection connection;
    private final Target target;
    private final House house;
    private final Source source;
    private final Patrol.Ward ward = this::look;

    /// Carries its own limit, so that the patrol never judges one wait by the limit of the next.
    private volatile @Nullable Wait wait;

    private volatile boolean overdue;
    private Deadline deadline;
    private long silenceNanosMax;
    private int readMillisMax;
    private Patience.@Nullable Watch watch;
    private @Nullable ResponseHead head;
    private @Nullable BodyStream body;
    private Framing framing = new Framing.None();
    private boolean requestSent;
    private boolean answered;
    private boolean wasDead;
    private boolean closed;

    Exchange(Connection connection, Target target, House house) {
        this.connection = connection;
        this.target = target;
        this.house = house;
        this.source = connection.source(this::pull);
        this.deadline = within(target.timeouts().firstByte());
        this.silenceNanosMax = target.timeouts().firstByte().toNanos();
    }

    /// Sends a request and reads the head of its answer; closes the connection when that fails. Keeps nothing of the
    /// request: its body may be large, and the answer flow for long.
    Exchange begun(Upstream.Request request) throws ExchangeFailed {
        boolean ready = false;
        long since = System.nanoTime();
        house.patrol().add(ward);
        try {
            Sending sending = new Sending(this::push, target, request);
            ResponseHead answer = sending.run(this::earlyAnswer).orElse(null);
            requestSent = answer == null;
            if (answer == null) {
                deadline = within(target.timeouts().firstByte());
                answer = readHead();
            }
            accept(answer, request.method());
            ready = true;
            return this;
        } catch (Sending.Stalled e) {
            throw ExchangeFailed.broken(Cause.SEND_TIMEOUT);
        } catch (IOException e) {
            wasDead = !answered && !overdue && System.nanoTime() - since < CROSSING_NANOS;
            throw ExchangeFailed.broken(causeOf(e));
        } finally {
            if (!ready) close();
        }
    }

    /// The head of the answer: final, never a 1xx.
    public ResponseHead head() {
        if (head == null) throw new IllegalStateException("the exchange has not begun");
        return head;
    }

    /// Where the answer's body ends.
    public Framing framing() {
        return framing;
    }

    /// The next bytes of the answer's body, as few as there are; -1 when it is whole.
    ///
    /// @throws ExchangeFailed when it will not become whole: closed, reset, badly framed, silent or over its time
    public int read(byte[] into, int from, int length) throws ExchangeFailed {
        if (body == null) throw new IllegalStateException("the exchange has not begun");
        try {
            return body.read(into, from, length);
        } catch (IOException e) {
            close();
            throw ExchangeFailed.broken(causeOf(e));
        }
    }

    /// Waits for more of the answer's body; false when none has come by then. A wait with an end costs more than one without:
    /// for the few moments in a call at which something else is due.
    ///
    /// @throws ExchangeFailed when there will be none: reset, silent or over its time
    public boolean await(Deadline until) throws ExchangeFailed {
        if (body == null) throw new IllegalStateException("the exchange has not begun");
        if (!waits() || body.finished()) return true;
        try {
            readMillisMax = until.leftMillis();
            source.fill(); // at an end it brings nothing, and the next read tells which end it is
            return true;
        } catch (SocketTimeoutException e) {
            if (!overdue && !deadline.passed()) return false;
            close();
            throw ExchangeFailed.broken(causeOf(e));
        } catch (IOException e) {
            close();
            throw ExchangeFailed.broken(causeOf(e));
        } finally {
            readMillisMax = 0;
        }
    }

    /// Whether the next [#read] would have to wait.
    public boolean waits() {
        return body == null || body.available() == 0;
    }

    /// Whether the connection ended without a byte of an answer, and so soon that its end crossed the request. A peer that
    /// took its time has worked on the request, and must not get it twice.
    boolean wasDead() {
        return wasDead;
    }

    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        house.patrol().remove(ward);
        endWatch();
        if (canBeUsedAgain()) house.pool().give(connection);
        else connection.close();
    }

    private boolean canBeUsedAgain() {
        return requestSent
                && head != null
                && head.keepsAlive()
                && !(framing instanceof Framing.UntilClose)
                && body != null
                && body.finished()
                && source.buffered() == 0;
    }

    private void accept(ResponseHead answer, String method) throws Malformed {
        framing = answer.framing(method);
        head = answer;
        body = Http1.body(source, framing, house.settings().limits(), Long.MAX_VALUE);
        deadline = within(target.timeouts().total());
        silenceNanosMax = target.timeouts().idle().toNanos();
    }

    /// The head of the final answer; interim ones are passed over (RFC 9110, section 15.2).
    private ResponseHead readHead() throws IOException {
        for (int interim = 0; interim < INTERIM_MAX; interim++) {
            ResponseHead next = nextHead();
            if (next.status() >= 200) return next;
        }
        throw new Unasked("too many interim answers");
    }

    private ResponseHead nextHead() throws IOException {
        ResponseHead next = Http1.readResponse(source, house.settings().limits()).orElseThrow(Closed::new);
        if (next.status() == 101) throw new Unasked("a switch of protocols");
        return next;
    }

    /// An answer that came before the request was sent to its end; an interim one is none.
    private Optional<ResponseHead> earlyAnswer() throws IOException {
        if (!connection.answersNow()) return Optional.empty();
        answered = true;
        deadline = within(target.timeouts().firstByte());
        return Optional.of(nextHead()).filter(head -> head.status() >= 200);
    }

    private Deadline within(Duration time) {
        return Deadline.in(time).orSooner(house.end());
    }

    private int pull(byte[] into, int from, int length) throws IOException {
        if (deadline.passed()) throw new SocketTimeoutException("deadline");
        long since = System.nanoTime();
        wait = new Wait(since, since + Math.min(silenceNanosMax, deadline.nanoTime() - since));
        try {
            int count = connection.read(into, from, length, readMillisMax);
            if (count < 0 && overdue) throw new SocketTimeoutException("silence");
            answered |= count > 0;
            return count;
        } catch (IOException e) {
            throw overdue ? new SocketTimeoutException("silence") : e;
        } finally {
            wait = null;
        }
    }

    /// Writes a part of the request. The client's leaving is looked after only as long as that lasts: between two parts its
    /// body is read, and whoever watches a client reads ahead of it, in small pieces.
    private void push(byte[] bytes, int from, int length) throws IOException {
        long since = System.nanoTime();
        wait = new Wait(since, within(target.timeouts().idle()).nanoTime());
        try {
            connection.write(bytes, from, length);
            if (overdue) throw new Sending.Stalled(); // a write that a close wakes may return as if it were done
        } catch (IOException e) {
            throw overdue ? new Sending.Stalled() : e;
        } finally {
            wait = null;
            endWatch();
        }
    }

    private synchronized void endWatch() {
        if (watch != null) watch.close();
        watch = null;
    }

    /// Called by the patrol, on its thread.
    private void look(long now) {
        Wait seen = wait;
        if (seen == null) return;
        boolean tooLong = now - seen.until() >= 0;
        if (tooLong || now - seen.since() > CALM_NANOS) attend(seen, tooLong);
    }

    private synchronized void attend(Wait seen, boolean tooLong) {
        if (closed || !seen.equals(wait)) return;
        if (tooLong) {
            overdue = true;
            connection.close();
        } else if (watch == null) {
            watch = house.patience().watch(connection::close);
        }
    }

    /// The peer said something that nobody asked for.
    private static final class Unasked extends IOException {
        private static final long serialVersionUID = 1L;

        Unasked(String what) {
            super(what);
        }
    }

    private Cause causeOf(IOException failure) {
        return switch (failure) {
            case SocketTimeoutException _ when head == null -> Cause.HEAD_TIMEOUT;
            case SocketTimeoutException _ -> deadline.passed() ? Cause.TIME_LIMIT : Cause.IDLE_TIMEOUT;
            case Malformed _, Unasked _ -> Cause.FRAMING;
            case Truncated _, Closed _ -> Cause.CLOSED;
            default -> Cause.RESET;
        };
    }
}
