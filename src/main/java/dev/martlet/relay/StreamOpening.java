package dev.martlet.relay;

import dev.martlet.Cause;
import dev.martlet.ClientLeft;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.dialect.ErrorBody;
import dev.martlet.dialect.Garbled;
import dev.martlet.dialect.StreamReading;
import dev.martlet.dialect.StreamReading.Seen;
import dev.martlet.relay.Passage.Piece;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.ByteBudget;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.SseEvent;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An answer that comes event by event. Held back until the first event that the client waits for, so that an error in its
/// place can still be answered by somebody else; from then on each event leaves as soon as it is whole.
final class StreamOpening implements Opening {
    private static final int HELD_BYTES_MAX = 64 << 10;
    private static final Duration HELD_TIME = Duration.ofSeconds(5);

    private final Exchange exchange;
    private final Subject subject;
    private final Pulse pulse;
    private final StreamReading reading;
    private final Passage passage;
    private final ByteBudget.Lease memory;
    private final Events events;
    private final Volume volume = new Volume();
    private final List<Piece> held = new ArrayList<>();
    private boolean failed;
    private Signal signal = new Signal.Nonsense(Cause.EMPTY);

    private StreamOpening(Exchange exchange, Subject subject, Pulse pulse, ByteBudget.Lease memory) {
        this.exchange = exchange;
        this.subject = subject;
        this.pulse = pulse;
        this.memory = memory;
        this.reading = StreamReading.of(subject.attempt().dialect(), subject.ownKey());
        this.passage = Passage.of(subject);
        this.events = new Events(exchange, memory);
    }

    static Opening read(Exchange exchange, Subject subject, Pulse pulse, ByteBudget budget) throws ExchangeFailed {
        ByteBudget.Lease memory = budget.lease();
        boolean read = false;
        try {
            StreamOpening opening = new StreamOpening(exchange, subject, pulse, memory);
            Optional<Told> error = opening.begin();
            Opening known = error.isPresent() ? new RestatedOpening(exchange, subject, memory, error.get()) : opening;
            read = true;
            return known;
        } catch (Garbled e) {
            exchange.close();
            return new NoAnswer(new Signal.Nonsense(Cause.GARBLED));
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

    /// Reads until it is known what this is: a stream with content, nothing, or an error, which is as good as an answer of
    /// its own as long as nobody has seen the stream.
    private Optional<Told> begin() throws ExchangeFailed, Garbled {
        int seenBytes = 0;
        while (seenBytes < HELD_BYTES_MAX) {
            Optional<SseEvent> event;
            try {
                event = events.next();
            } catch (Events.NotYet e) {
                break;
            }
            if (event.isEmpty()) {
                if (seenBytes > 0 && !reading.complete()) throw ExchangeFailed.broken(Cause.CLOSED);
                return Optional.empty();
            }
            seenBytes += event.get().raw().length;
            Seen seen = reading.read(event.get());
            if (seen instanceof Seen.Failure(Signal failure)) return Optional.of(Told.error(failure, event.get()));
            held.addAll(passed(event.get(), seen));
            if (seen instanceof Seen.Content && !held.isEmpty()) break;
            if (seen instanceof Seen.Terminal) return Optional.empty();
            events.within(HELD_TIME);
        }
        signal = new Signal.Good(exchange.head().status());
        return Optional.empty();
    }

    private List<Piece> passed(SseEvent event, Seen seen) throws ExchangeFailed, Garbled {
        if (seen instanceof Seen.Terminal) events.terminate();
        if (seen instanceof Seen.Content) volume.add(event.raw().length);
        if (seen instanceof Seen.Failure) fail(event);
        return passage.next(event, seen);
    }

    /// The provider's own word is the last one, unless it tells our key: then the client gets ours.
    private void fail(SseEvent event) throws ExchangeFailed {
        if (subject.isToldIn(new Content(event.raw(), true))) throw ExchangeFailed.broken(Cause.ERROR_BODY);
        failed = true;
    }

    @Override
    public Ending deliver(Reply reply) {
        Trail trail = subject.trail();
        Fields fields = ChannelHeaders.toClientOfStream(exchange.head().fields(), subject.key()).and(subject.shown());
        SteadyStream stream = new SteadyStream(reply);
        trail.begun(exchange.head().status());
        events.unhurried(stream::flush);
        try {
            reply.begin(exchange.head().status(), exchange.head().reason(), fields, new Framing.Chunked());
            pulse.add(stream);
            held.forEach(piece -> write(stream, piece));
            return copied(stream);
        } catch (ClientLeft e) {
            return Ending.of(e.how());
        } finally {
            pulse.remove(stream);
            stream.end();
            reading.usage().ifPresentOrElse(trail::counted, () -> trail.uncounted(volume.tokens()));
        }
    }

    private Ending copied(SteadyStream stream) {
        try {
            copy(stream);
            if (stream.isCalledOff() && !reading.complete()) return cut(stream, Ending.KILLED);
            if (!reading.complete()) return cut(stream, Ending.UPSTREAM_CUT);
            for (Piece piece : passage.end()) write(stream, piece);
            stream.finish();
            return Ending.COMPLETE;
        } catch (Garbled e) {
            return cut(stream, Ending.UPSTREAM_CUT);
        } catch (ExchangeFailed e) {
            return cut(stream, Delivery.ending(e.signal()));
        }
    }

    /// What fails when nothing is missing has not failed.
    private void copy(SteadyStream stream) throws ExchangeFailed, Garbled {
        try {
            for (Optional<SseEvent> event = events.next(); event.isPresent(); event = events.next()) {
                if (stream.isCalledOff()) return;
                Seen seen = reading.read(event.get());
                for (Piece piece : passed(event.get(), seen)) write(stream, piece);
            }
        } catch (ExchangeFailed e) {
            if (!reading.complete()) throw e;
        }
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

    @Override
    public void close() {
        memory.close();
        exchange.close();
    }
}
