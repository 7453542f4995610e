package dev.martlet.relay;

import dev.martlet.Cause;
import dev.martlet.ClientLeft;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.Usage;
import dev.martlet.dialect.AnswerReading;
import dev.martlet.dialect.ErrorBody;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.ResponseHead;

/// Hands an upstream's answer on as it comes: the head at once, then each piece when it is there. What the upstream did
/// not finish is not finished towards the client either.
final class Delivery {
    private static final int BUFFER_BYTES = 4 << 10;

    private Delivery() {}

    static Ending copy(Exchange exchange, Reply reply, Trail trail) {
        ResponseHead head = exchange.head();
        trail.begun(head.status());
        try {
            Fields fields = RawHeaders.toClient(head, exchange.framing());
            reply.begin(head.status(), head.reason(), fields, exchange.framing());
            return rest(exchange, reply, trail);
        } catch (ClientLeft e) {
            return Ending.of(e.how());
        }
    }

    /// Notes what an answer has used. What is behind the part that was read may say otherwise.
    static void count(Told told, AnswerReading reading, Trail trail) {
        if (reading.usage().isPresent()) trail.counted(reading.usage().get());
        else if (reading.signal() instanceof Signal.Good) {
            trail.uncounted(Usage.tokens(told.content().bytes().length));
        }
    }

    /// An answer that is here as a whole.
    ///
    /// @param content what the client gets of it
    static Ending whole(Told told, Fields fields, byte[] content, Reply reply, Trail trail) {
        trail.begun(told.status());
        try {
            reply.begin(told.status(), told.reason(), fields, new Framing.Length(content.length));
            reply.write(content, 0, content.length);
            trail.addBytesOut(content.length);
            reply.finish();
            return Ending.COMPLETE;
        } catch (ClientLeft e) {
            return Ending.of(e.how());
        }
    }

    /// A page for people, or one that tells our key, is not passed on: the client gets its status, and words of ours.
    static Ending retold(Told told, Subject subject, Reply reply) {
        byte[] content = ErrorBody.of(new Refusal.ProviderRefused(told.status()), subject.asked().call().id());
        Fields fields = Fields.of("Content-Type", "application/json; charset=utf-8").and(subject.shown());
        return whole(told, fields, content, reply, subject.trail());
    }

    /// What is left of an answer whose beginning was written.
    ///
    /// @throws ClientLeft when it is not taken
    static Ending rest(Exchange exchange, Reply reply, Trail trail) {
        return rest(exchange, reply, trail, Long.MAX_VALUE);
    }

    /// The same up to so many bytes; an answer that is longer is cut there.
    static Ending rest(Exchange exchange, Reply reply, Trail trail, long bytesMax) {
        try {
            long left = bytesMax;
            if (exchange.waits()) reply.flush();
            byte[] buffer = new byte[bufferBytes(exchange.framing())];
            for (int count = exchange.read(buffer, 0, buffer.length);
                    count >= 0;
                    count = exchange.read(buffer, 0, buffer.length)) {
                left -= count;
                if (left < 0) return cut(reply, Ending.SIZE_LIMIT);
                reply.write(buffer, 0, count);
                trail.addBytesOut(count);
                if (exchange.waits()) reply.flush();
            }
            reply.finish();
            return Ending.COMPLETE;
        } catch (ExchangeFailed e) {
            return cut(reply, ending(e.signal()));
        }
    }

    /// A small answer gets a small buffer; the longer ones and the streams, which live long, get one that many can have.
    private static int bufferBytes(Framing framing) {
        return framing instanceof Framing.Length(long bytes) && bytes < BUFFER_BYTES ? (int) bytes + 1 : BUFFER_BYTES;
    }

    /// What came before the cut still belongs to the client.
    private static Ending cut(Reply reply, Ending ending) {
        try {
            reply.flush();
            return ending;
        } catch (ClientLeft e) {
            return Ending.of(e.how());
        }
    }

    /// What became of an answer that its upstream did not finish.
    static Ending ending(Signal signal) {
        return switch (signal) {
            case Signal.Broken(Cause cause) when cause == Cause.IDLE_TIMEOUT -> Ending.UPSTREAM_IDLE;
            case Signal.Broken(Cause cause) when cause == Cause.TIME_LIMIT -> Ending.TIME_LIMIT;
            case Signal _ -> Ending.UPSTREAM_CUT;
        };
    }
}
