package dev.martlet.relay;

import dev.martlet.Deadline;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.ByteBudget;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// The events of an answer, one after the other.
final class Events {
    /// What may still come behind the last event; then the stream is over, whether or not the upstream says so.
    private static final Duration AFTERMATH = Duration.ofSeconds(1);

    private final Exchange exchange;
    private final SseReader reader;
    private Runnable beforeWait = () -> {};
    private Optional<Deadline> patience = Optional.empty();
    private boolean terminated;

    /// @param memory for large events
    Events(Exchange exchange, ByteBudget.Lease memory) {
        this.exchange = exchange;
        this.reader = new SseReader(this::pull, memory);
    }

    /// Whether an answer is a stream of events that can be read; one that is packed is none.
    static boolean areIn(Exchange exchange) {
        boolean readable = exchange.head().status() / 100 == 2 && !exchange.head().fields().has("Content-Encoding");
        return readable && exchange.head().fields().first("Content-Type").filter(Events::isStream).isPresent();
    }

    private static boolean isStream(String type) {
        return type.regionMatches(true, 0, "text/event-stream", 0, "text/event-stream".length());
    }

    /// The next event; empty at the end of the stream.
    Optional<SseEvent> next() throws ExchangeFailed {
        try {
            return reader.next();
        } catch (Cut cut) {
            throw cut.why;
        } catch (IOException e) {
            throw new IllegalStateException("an exchange fails in one way only", e);
        }
    }

    /// Nobody waits for an event longer than that: [#next] throws [NotYet].
    void within(Duration time) {
        if (patience.isEmpty()) patience = Optional.of(Deadline.in(time));
    }

    /// From here on there is time, and something to be done whenever there is nothing here.
    void unhurried(Runnable whenever) {
        patience = Optional.empty();
        beforeWait = whenever;
    }

    /// The last event was seen.
    void terminate() {
        terminated = true;
    }

    private int pull(byte[] into, int from, int length) throws IOException {
        try {
            if (exchange.waits()) beforeWait.run();
            if (terminated && !exchange.await(Deadline.in(AFTERMATH))) return -1;
            if (patience.isPresent() && !exchange.await(patience.get())) throw new NotYet();
            return exchange.read(into, from, length);
        } catch (ExchangeFailed e) {
            throw new Cut(e);
        }
    }

    /// The exchange failed, as far as a reader of events can say it.
    private static final class Cut extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient ExchangeFailed why;

        Cut(ExchangeFailed why) {
            super(why.getMessage(), why);
            this.why = why;
        }
    }

    /// It takes longer than somebody has time to wait.
    static final class NotYet extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotYet() {
            super("not yet", null, false, false);
        }
    }
}
