package dev.martlet.relay;

import dev.martlet.ClientLeft;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Operation.Kind;
import dev.martlet.Signal;
import dev.martlet.dialect.AnswerReading;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.ByteBudget;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Json;

import java.util.Optional;

/// An answer that is no stream, and passes as it is: read to its end before anybody is told that it is one, unless it is
/// very large.
final class WholeOpening implements Opening {
    private static final int READ_BYTES_MAX = 1 << 20;

    private final Exchange exchange;
    private final Subject subject;
    private final ByteBudget.Lease memory;
    private final Told told;
    private final AnswerReading reading;

    private WholeOpening(Exchange exchange, Subject subject, ByteBudget.Lease memory, Told told) {
        this.exchange = exchange;
        this.subject = subject;
        this.memory = memory;
        this.told = told;
        this.reading = subject.read(told, exchange.head().fields());
    }

    static Opening read(Exchange exchange, Subject subject, ByteBudget budget) throws ExchangeFailed {
        ByteBudget.Lease memory = budget.lease();
        boolean read = false;
        try {
            Content content = Content.read(exchange, READ_BYTES_MAX, memory);
            WholeOpening opening = new WholeOpening(exchange, subject, memory, Told.of(exchange, content));
            read = true;
            return opening;
        } finally {
            if (!read) memory.close();
        }
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
        Trail trail = subject.trail();
        Delivery.count(told, reading, trail);
        boolean unfit = reading.page() || (told.status() >= 400 && subject.isToldIn(told.content()));
        if (unfit) return Delivery.retold(told, subject, reply);
        byte[] begin = told.content().bytes();
        byte[] named = reading.model().map(span -> span.replacedIn(begin, Json.string(subject.model()))).orElse(begin);
        Fields fields = ChannelHeaders.toClient(exchange.head().fields(), subject.key()).and(subject.shown());
        if (told.content().whole()) return Delivery.whole(told, fields, named, reply, trail);
        trail.begun(told.status());
        try {
            reply.begin(told.status(), told.reason(), fields, framing(named.length - begin.length));
            if (endsReadably()) return copied(named, reply);
            reply.write(named, 0, named.length);
            trail.addBytesOut(named.length);
            return Delivery.rest(exchange, reply, trail);
        } catch (ClientLeft e) {
            return Ending.of(e.how());
        }
    }

    /// Whether the rest, which nobody has seen, may say more: it is JSON as far as it was read.
    private boolean endsReadably() {
        boolean readable =
                subject.operation().kind() != Kind.AUDIO && !exchange.head().fields().has("Content-Encoding");
        return readable && reading.signal() instanceof Signal.Good;
    }

    private Ending copied(byte[] named, Reply reply) {
        Optional<byte[]> name =
                reading.model().isPresent() ? Optional.empty() : Optional.of(Json.string(subject.model()));
        Tail tail = new Tail(reply, subject.trail());
        tail.begin(named);
        try {
            tail.copy(exchange, name);
        } catch (ExchangeFailed e) {
            reply.flush();
            return Delivery.ending(e.signal());
        }
        reply.finish();
        return Ending.COMPLETE;
    }

    /// How long an answer becomes whose model is named at its end is known there.
    private Framing framing(int growth) {
        if (endsReadably() && reading.model().isEmpty()) return new Framing.Chunked();
        return exchange.framing() instanceof Framing.Length(long bytes)
                ? new Framing.Length(bytes + growth)
                : exchange.framing();
    }

    @Override
    public void close() {
        memory.close();
        exchange.close();
    }
}
