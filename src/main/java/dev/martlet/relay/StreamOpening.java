package dev.martlet.relay;

import dev.martlet.Cause;
import dev.martlet.ClientLeft;
import dev.martlet.Deadline;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.dialect.ErrorBody;
import dev.martlet.dialect.StreamReading;
import dev.martlet.dialect.StreamReading.Seen;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.ByteBudget;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Json;
import dev.martlet.wire.Span;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An answer that comes event by event. Held back until the first event that the client waits for, so that an error in its
/// place can still be answered by somebody else; from then on each event leaves as soon as it is whole.
final class StreamOpening implements Opening {
    private static final int HELD_BYTES_MAX = 64 << 10;
    private static final Duration HELD_TIME = Duration.ofSeconds(5);

    /// What may still come behind the last event; then the stream is over, whether or not the upstream says so.
    private static final Duration AFTERMATH = Duration.ofSeconds(1);

    private final Exchange exchange;
    private final Openings.Subject subject;
    private final Pulse pulse;
    private final StreamReading reading;
    private final ByteBudget.Lease memory;
    private final SseReader events;
    private final byte[] model;
    private final Volume volume = new Volume();
    private final List<Piece> held = new ArrayList<>();
    private int heldBytes;
    private Optional<Deadline> pause = Optional.empty();
    private Optional<SteadyStream> client = Optional.empty();
    private boolean terminated;
    private boolean failed;
    private Signal signal = new Signal.Nonsense(Cause.EMPTY);

    /// An event as the client gets it, or a part of one that is too large to be whole.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Piece(byte[] bytes, boolean ends) {}

    private StreamOpening(Exchange exchange, Openings.Subject subject, Pulse pulse, ByteBudget.Lease memory) {
        this.exchange = exchange;
        this.subject = subject;
        this.pulse = pulse;
        this.memory = memory;
        this.events = new SseReader(this::pull, memory);
        this.reading = StreamReading.of(subject.attempt().dialect(), subject.ownKey());
        this.model = Json.string(subject.model());
    }

    /// Whether an answer is a stream of events that can be read; one that is packed passes as it is.
    static boolean isOne(Exchange exchange) {
        boolean readable = exchange.head().status() / 100 == 2 && !exchange.head().fields().has("Content-Encoding");
        return readable && exchange.head().fields().first("Content-Type").filter(StreamOpening::isStream).isPresent();
    }

    private static boolean isStream(String type) {
        return type.regionMatches(true, 0, "text/event-stream", 0, "text/event-stream".length());
    }

    static Opening read(Exchange exchange, Openings.Subject subject, Pulse pulse, ByteBudget budget)
            throws ExchangeFailed {
        ByteBudget.Lease memory = budget.lease();
        boolean read = false;
        try {
            StreamOpening opening = new StreamOpening(exchange, subject, pulse, memory);
            opening.begin();
            read = true;
            return opening;
        } catch (Cut cut) {
            throw cut.why;
        } catch (IOException e) {
            throw new IllegalStateException("an exchange fails in one way only", e);
        } finally {
            if (!read) memory.close();
        }
    }

    @Override
    public Signal signal() {
        return signal;
    }

    @Override
    public boolean mentions(String word) {
        return false;
    }

    /// Reads until it is known what this is: a stream with content, an error, or nothing.
    private void begin() throws IOException {
        if (subject.wantsWhole()) {
            signal = new Signal.Nonsense(Cause.NOT_JSON);
            return;
        }
        while (heldBytes < HELD_BYTES_MAX) {
            Optional<SseEvent> event;
            try {
                event = events.next();
            } catch (NotYet e) {
                break;
            }
            if (event.isEmpty()) {
                if (heldBytes > 0 && !reading.complete()) throw new Cut(ExchangeFailed.broken(Cause.CLOSED));
                return;
            }
            Seen seen = reading.read(event.get());
            if (seen instanceof Seen.Failure(Signal failure)) {
                signal = failure;
                return;
            }
            hold(event.get(), seen);
            if (seen instanceof Seen.Content) break;
            if (seen instanceof Seen.Terminal) return;
            if (pause.isEmpty()) pause = Optional.of(Deadline.in(HELD_TIME));
        }
        signal = new Signal.Good(exchange.head().status());
    }

    private void hold(SseEvent event, Seen seen) {
        passed(event, seen)
                .ifPresent(piece -> {
                    held.add(piece);
                    heldBytes += piece.bytes().length;
                });
    }

    /// What the client gets of an event; empty when it was not meant for the client.
    private Optional<Piece> passed(SseEvent event, Seen seen) {
        return switch (seen) {
            case Seen.Content(Optional<Span> name) -> {
                volume.add(event.raw().length);
                yield Optional.of(named(event, name));
            }
            case Seen.Meta(Optional<Span> name) -> Optional.of(named(event, name));
            case Seen.UsageOnly(Optional<Span> name) ->
                    subject.wish() ? Optional.empty() : Optional.of(named(event, name));
            case Seen.Failure _ -> {
                failed = true;
                yield Optional.of(named(event, Optional.empty()));
            }
            case Seen.Terminal _ -> {
                terminated = true;
                yield Optional.of(named(event, Optional.empty()));
            }
        };
    }

    /// With the model called what the caller called it.
    private Piece named(SseEvent event, Optional<Span> name) {
        byte[] bytes = name.map(span -> event.replaced(span, model)).orElse(event.raw());
        return new Piece(bytes, event.ended());
    }

    @Override
    public Ending deliver(Reply reply) {
        Trail trail = subject.trail();
        Fields fields = ChannelHeaders.toClientOfStream(exchange.head().fields(), subject.key()).and(trail.shown());
        SteadyStream stream = new SteadyStream(reply);
        trail.begun(exchange.head().status());
        pause = Optional.empty();
        client = Optional.of(stream);
        try {
            reply.begin(exchange.head().status(), exchange.head().reason(), fields, new Framing.Chunked());
            pulse.add(stream);
            for (Piece piece : held) write(stream, piece);
            return copied(stream);
        } catch (ClientLeft e) {
            return Delivery.ending(e.how());
        } finally {
            pulse.remove(stream);
            stream.end();
            reading.usage().ifPresentOrElse(trail::counted, () -> trail.uncounted(volume.tokens()));
        }
    }

    private Ending copied(SteadyStream stream) {
        try {
            for (Optional<SseEvent> event = events.next(); event.isPresent(); event = events.next()) {
                if (stream.isCalledOff()) return cut(stream, Ending.KILLED);
                Seen seen = reading.read(event.get());
                passed(event.get(), seen).ifPresent(piece -> write(stream, piece));
            }
        } catch (Cut cut) {
            if (!reading.complete()) return cut(stream, Delivery.ending(cut.why.signal()));
        } catch (IOException e) {
            throw new IllegalStateException("an exchange fails in one way only", e);
        }
        if (!reading.complete()) return cut(stream, Ending.UPSTREAM_CUT);
        stream.finish();
        return Ending.COMPLETE;
    }

    /// What is not complete ends with an error, and never as if it were. Behind half an event nothing is written: it would
    /// be read as the rest of it.
    private Ending cut(SteadyStream stream, Ending ending) {
        Refusal why = stream.isCalledOff() ? new Refusal.AnswerCutOff() : new Refusal.AnswerBroken();
        byte[] error = ErrorBody.event(why, subject.asked().call().id());
        if (!failed && stream.betweenEvents()) write(stream, new Piece(error, true));
        stream.flush();
        return ending;
    }

    private void write(SteadyStream stream, Piece piece) {
        stream.write(piece.bytes(), piece.ends());
        subject.trail().addBytesOut(piece.bytes().length);
    }

    /// What was written leaves before we wait for more.
    private int pull(byte[] into, int from, int length) throws IOException {
        try {
            if (exchange.waits()) client.ifPresent(SteadyStream::flush);
            if (terminated && !exchange.await(Deadline.in(AFTERMATH))) return -1;
            if (pause.isPresent() && !exchange.await(pause.get())) throw new NotYet();
            return exchange.read(into, from, length);
        } catch (ExchangeFailed e) {
            throw new Cut(e);
        }
    }

    @Override
    public void close() {
        memory.close();
        exchange.close();
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

    /// It takes longer than we may hold back what is here.
    private static final class NotYet extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
