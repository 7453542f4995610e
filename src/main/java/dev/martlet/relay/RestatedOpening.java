package dev.martlet.relay;

import dev.martlet.Cause;
import dev.martlet.ClientLeft;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Signal;
import dev.martlet.dialect.AnswerReading;
import dev.martlet.dialect.Garbled;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.ByteBudget;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Json;

import java.util.List;
import java.util.Optional;

/// An answer that the client gets in another dialect, or in another form, than the upstream has sent it in: all of it is
/// here, and restated, before anybody is told that it is one.
final class RestatedOpening implements Opening {
    private static final String CONTENT_TYPE = "Content-Type";

    private final Exchange exchange;
    private final Subject subject;
    private final ByteBudget.Lease memory;
    private final Told told;
    private final AnswerReading reading;
    private final List<byte[]> pieces;

    /// @param memory in which all of it is held; is closed with it
    /// @throws Garbled if it cannot be restated
    RestatedOpening(Exchange exchange, Subject subject, ByteBudget.Lease memory, Told told) throws Garbled {
        this.exchange = exchange;
        this.subject = subject;
        this.memory = memory;
        this.told = told;
        this.reading = subject.read(told, exchange.head().fields());
        this.pieces = reading.signal() instanceof Signal.Good ? restated() : List.of();
    }

    /// An answer as it comes, at once or event by event.
    ///
    /// @throws ExchangeFailed     if it does not come to its end
    /// @throws dev.martlet.Refused if there is no room for it
    static Opening read(Exchange exchange, Subject subject, Hold hold) throws ExchangeFailed {
        boolean read = false;
        try {
            boolean events = Events.areIn(exchange);
            Told told = events ? Told.gathered(exchange, subject, hold) : Told.whole(exchange, hold);
            Opening opening = new RestatedOpening(exchange, subject, hold.memory(), told);
            read = true;
            return opening;
        } catch (Garbled e) {
            exchange.close();
            return new NoAnswer(new Signal.Nonsense(Cause.GARBLED));
        } finally {
            if (!read) hold.close();
        }
    }

    private List<byte[]> restated() throws Garbled {
        byte[] answer = told.content().bytes();
        if (subject.wantsEvents()) return subject.way().unfolded(subject.operation().kind(), answer, subject.heading());
        if (!subject.way().isSame()) {
            return List.of(subject.way().answer(subject.operation().kind(), answer, subject.heading()));
        }
        byte[] model = Json.string(subject.model());
        return List.of(reading.model().map(span -> span.replacedIn(answer, model)).orElse(answer));
    }

    @Override
    public Signal signal() {
        return reading.signal();
    }

    @Override
    public boolean mentions(String word) {
        return told.content().mentions(word);
    }

    @Override
    public Ending deliver(Reply reply) {
        Delivery.count(told, reading, subject.trail());
        if (told.status() >= 400) return refusal(reply);
        return subject.wantsEvents() ? events(reply) : whole(pieces.getFirst(), reply);
    }

    /// The provider's no, in the caller's dialect.
    private Ending refusal(Reply reply) {
        boolean unfit = reading.page() || subject.isToldIn(told.content());
        byte[] error = told.content().bytes();
        Optional<byte[]> restated =
                subject.way().isSame() ? Optional.of(error) : subject.way().error(told.status(), error);
        return unfit || restated.isEmpty() ? Delivery.retold(told, subject, reply) : whole(restated.get(), reply);
    }

    private Ending whole(byte[] content, Reply reply) {
        Fields fields = ChannelHeaders.toClient(exchange.head().fields(), subject.key());
        return Delivery.whole(told, typed(fields, "application/json"), content, reply, subject.trail());
    }

    private Ending events(Reply reply) {
        Fields fields = ChannelHeaders.toClientOfStream(exchange.head().fields(), subject.key());
        subject.trail().begun(told.status());
        try {
            reply.begin(
                    told.status(),
                    told.reason(),
                    typed(fields, "text/event-stream; charset=utf-8"),
                    new Framing.Chunked());
            for (byte[] event : pieces) {
                reply.write(event, 0, event.length);
                subject.trail().addBytesOut(event.length);
            }
            reply.finish();
            return Ending.COMPLETE;
        } catch (ClientLeft e) {
            return Ending.of(e.how());
        }
    }

    private Fields typed(Fields fields, String type) {
        return Fields.of(CONTENT_TYPE, type).and(fields.without(field -> field.is(CONTENT_TYPE))).and(subject.shown());
    }

    @Override
    public void close() {
        memory.close();
        exchange.close();
    }
}
