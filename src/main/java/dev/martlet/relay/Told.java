package dev.martlet.relay;

import dev.martlet.Cause;
import dev.martlet.Signal;
import dev.martlet.dialect.Garbled;
import dev.martlet.dialect.Gathering;
import dev.martlet.dialect.StreamReading;
import dev.martlet.dialect.StreamReading.Seen;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.ByteBudget;
import dev.martlet.wire.SseEvent;

import java.util.Arrays;
import java.util.Optional;

/// What an upstream has told in the end, in its own dialect, whether at once or event by event.
///
/// @param status that goes with it: an error in the place of an event has the one that it would have had as an answer
/// @param reason as the upstream put it; empty for none
record Told(int status, String reason, Content content) {
    /// With the status that came.
    static Told of(Exchange exchange, Content content) {
        return new Told(exchange.head().status(), exchange.head().reason(), content);
    }

    /// An answer that is no stream.
    ///
    /// @throws dev.martlet.Refused if there is no room for it
    static Told whole(Exchange exchange, Hold hold) throws ExchangeFailed {
        Content content = Content.read(exchange, hold.bound().bytesMax() + 1, hold.memory());
        if (!content.whole()) throw hold.tooMuch(content.bytes().length);
        hold.take(content.bytes());
        return of(exchange, content);
    }

    /// A stream, read to its end. What breaks off is no answer, however much of it there is.
    ///
    /// @throws dev.martlet.Refused if there is no room for it
    /// @throws Garbled             if its events make no answer
    static Told gathered(Exchange exchange, Subject subject, Hold hold) throws ExchangeFailed, Garbled {
        StreamReading reading = StreamReading.of(subject.attempt().dialect(), subject.ownKey());
        Gathering gathering = subject.way().gathering();
        boolean any = false;
        try (ByteBudget.Lease memory = hold.budget().lease()) {
            Events events = new Events(exchange, memory);
            for (Optional<SseEvent> next = events.next(); next.isPresent(); next = events.next()) {
                SseEvent event = next.get();
                Seen seen = reading.read(event);
                if (seen instanceof Seen.Failure(Signal signal)) return error(signal, event);
                if (seen instanceof Seen.Terminal) events.terminate();
                gathering.add(event);
                any = true;
                if (gathering.mayHaveGrown()) hold.take(gathering.whole());
            }
        } catch (ExchangeFailed e) {
            if (!reading.complete()) throw e;
        }
        if (!any) return of(exchange, new Content(new byte[0], true));
        if (!reading.complete()) throw ExchangeFailed.broken(Cause.CLOSED);
        byte[] whole = gathering.whole();
        hold.take(whole);
        return of(exchange, new Content(whole, true));
    }

    /// An error that came in the place of an event.
    static Told error(Signal signal, SseEvent event) {
        byte[] data = Arrays.copyOfRange(event.content(), event.data().from(), event.data().to());
        return new Told(status(signal), "", new Content(data, true));
    }

    private static int status(Signal signal) {
        return switch (signal) {
            case Signal.Failed(int status, _) -> status;
            case Signal.Refused(int status) -> status;
            case Signal.KeyRefused(int status) -> status;
            case Signal.KeyForbidden(int status) -> status;
            case Signal.ModelUnknown(int status) -> status;
            case Signal.Postponed(int status) -> status;
            case Signal.Throttled _ -> 429;
            case Signal.Good _,
                    Signal.Unreachable _,
                    Signal.Broken _,
                    Signal.Nonsense _,
                    Signal.Busy _,
                    Signal.Unfit _ ->
                    500;
        };
    }
}
