package dev.martlet.relay;

import dev.martlet.Cause;
import dev.martlet.ClientLeft;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Operation.Kind;
import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.Usage;
import dev.martlet.dialect.AnswerReading;
import dev.martlet.dialect.ErrorBody;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.ByteBudget;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.ResponseHead;
import dev.martlet.wire.Json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// An answer that is no stream: read to its end before anybody is told that it is one, unless it is very large.
final class WholeOpening implements Opening {
    private static final int READ_BYTES_MAX = 1 << 20;
    private static final int FIRST_BYTES = 4 << 10;

    private final Exchange exchange;
    private final Openings.Subject subject;
    private final ByteBudget.Lease memory;
    private final byte[] begin;
    private final boolean whole;
    private final AnswerReading reading;

    private WholeOpening(
            Exchange exchange, Openings.Subject subject, ByteBudget.Lease memory, byte[] begin, boolean whole) {
        this.exchange = exchange;
        this.subject = subject;
        this.memory = memory;
        this.begin = begin;
        this.whole = whole;
        ResponseHead head = exchange.head();
        AnswerReading.Answered answered =
                new AnswerReading.Answered(
                        subject.attempt().dialect(),
                        subject.operation(),
                        head.status(),
                        head.fields(),
                        begin,
                        whole,
                        subject.ownKey());
        this.reading = AnswerReading.of(answered, Instant.now());
    }

    static Opening read(Exchange exchange, Openings.Subject subject, ByteBudget budget) throws ExchangeFailed {
        ByteBudget.Lease memory = budget.lease();
        boolean read = false;
        try {
            int most = bytesMax(exchange.framing());
            byte[] bytes = new byte[Math.min(most, FIRST_BYTES)];
            int filled = 0;
            boolean ended = false;
            while (!ended) {
                if (filled == bytes.length) {
                    int more = Math.min(most, bytes.length * 2);
                    if (more == bytes.length || !memory.grow(more)) break; // what is here has to do
                    bytes = Arrays.copyOf(bytes, more);
                }
                int count = exchange.read(bytes, filled, bytes.length - filled);
                ended = count < 0;
                if (!ended) filled += count;
            }
            byte[] begin = filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled);
            WholeOpening opening = new WholeOpening(exchange, subject, memory, begin, ended);
            read = true;
            return opening;
        } finally {
            if (!read) memory.close();
        }
    }

    /// One byte more than a stated length: that read finds the end.
    private static int bytesMax(Framing framing) {
        return framing instanceof Framing.Length(long bytes)
                ? (int) Math.min(READ_BYTES_MAX - 1, bytes) + 1
                : READ_BYTES_MAX;
    }

    @Override
    public Signal signal() {
        boolean unasked = reading.signal() instanceof Signal.Good && subject.wantsEvents();
        return unasked ? new Signal.Nonsense(Cause.NOT_EVENTS) : reading.signal();
    }

    @Override
    public boolean mentions(String word) {
        return new String(begin, StandardCharsets.ISO_8859_1).contains(word);
    }

    @Override
    public Ending deliver(Reply reply) {
        Trail trail = subject.trail();
        count(trail);
        if (reading.page() || echoesKey()) return retold(reply);
        byte[] content = named();
        ResponseHead head = exchange.head();
        Fields fields = ChannelHeaders.toClient(head.fields(), subject.key()).and(trail.shown());
        trail.begun(head.status());
        try {
            reply.begin(head.status(), head.reason(), fields, framing(content.length - begin.length));
            if (endsReadably()) return copied(content, reply);
            reply.write(content, 0, content.length);
            trail.addBytesOut(content.length);
            return whole ? finished(reply) : Delivery.rest(exchange, reply, trail);
        } catch (ClientLeft e) {
            return Delivery.ending(e.how());
        }
    }

    /// Whether the rest, which nobody has seen, may say more: it is JSON as far as it was read.
    private boolean endsReadably() {
        boolean readable =
                subject.operation().kind() != Kind.AUDIO && !exchange.head().fields().has("Content-Encoding");
        return !whole && readable && reading.signal() instanceof Signal.Good;
    }

    private Ending copied(byte[] content, Reply reply) {
        Optional<byte[]> name =
                reading.model().isPresent() ? Optional.empty() : Optional.of(Json.string(subject.model()));
        Tail tail = new Tail(reply, subject.trail());
        tail.begin(content);
        try {
            tail.copy(exchange, name);
        } catch (ExchangeFailed e) {
            reply.flush();
            return Delivery.ending(e.signal());
        }
        return finished(reply);
    }

    /// What is behind the part that was read may say otherwise.
    private void count(Trail trail) {
        if (reading.usage().isPresent()) trail.counted(reading.usage().get());
        else if (reading.signal() instanceof Signal.Good) trail.uncounted(Usage.tokens(begin.length));
    }

    private static Ending finished(Reply reply) {
        reply.finish();
        return Ending.COMPLETE;
    }

    /// A page for people, or one that tells our key, is not passed on: the client gets its status, and words of ours.
    private Ending retold(Reply reply) {
        int status = exchange.head().status();
        byte[] content = ErrorBody.of(new Refusal.ProviderRefused(status), subject.asked().call().id());
        Fields fields = Fields.of("Content-Type", "application/json; charset=utf-8").and(subject.trail().shown());
        subject.trail().begun(status);
        try {
            reply.begin(status, exchange.head().reason(), fields, new Framing.Length(content.length));
            reply.write(content, 0, content.length);
            subject.trail().addBytesOut(content.length);
            return finished(reply);
        } catch (ClientLeft e) {
            return Delivery.ending(e.how());
        }
    }

    private boolean echoesKey() {
        boolean refused = exchange.head().status() >= 400;
        return refused && subject.ownKey() && subject.key().secret().filter(key -> mentions(key.value())).isPresent();
    }

    /// With the model called what the caller called it.
    private byte[] named() {
        return reading.model().map(span -> span.replacedIn(begin, Json.string(subject.model()))).orElse(begin);
    }

    /// How long an answer becomes whose model is named at its end is known there.
    private Framing framing(int growth) {
        if (whole) return new Framing.Length(begin.length + growth);
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
