package dev.martlet.relay;

import dev.martlet.dialect.AnswerReading;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;

import java.util.Arrays;
import java.util.Optional;

/// The last bytes of an answer that is too large to be read as a whole. They are held back until its end has come: there,
/// behind vectors and images, stand the count of tokens and the model's name.
final class Tail {
    private static final int HELD_BYTES = 8 << 10;
    private static final int PIECE_BYTES = 4 << 10;

    private final Reply reply;
    private final Trail trail;
    private final byte[] held = new byte[HELD_BYTES + PIECE_BYTES];
    private int filled;

    Tail(Reply reply, Trail trail) {
        this.reply = reply;
        this.trail = trail;
    }

    /// Hands on what has been read before.
    void begin(byte[] content) {
        int kept = Math.min(content.length, HELD_BYTES);
        pass(content, content.length - kept);
        System.arraycopy(content, content.length - kept, held, 0, kept);
        filled = kept;
    }

    /// Hands on the rest; what came before a failure still belongs to the client.
    ///
    /// @param name of the model, as a JSON string, for the one that stands at the end; empty to leave that as it is
    void copy(Exchange exchange, Optional<byte[]> name) throws ExchangeFailed {
        try {
            while (fill(exchange)) {
                int over = Math.max(0, filled - HELD_BYTES);
                pass(held, over);
                System.arraycopy(held, over, held, 0, filled - over);
                filled -= over;
            }
        } catch (ExchangeFailed e) {
            pass(held, filled);
            throw e;
        }
        byte[] last = Arrays.copyOf(held, filled);
        AnswerReading.End end = AnswerReading.end(last);
        end.usage().ifPresent(trail::counted);
        byte[] named = end.model().flatMap(span -> name.map(text -> span.replacedIn(last, text))).orElse(last);
        pass(named, named.length);
    }

    private boolean fill(Exchange exchange) throws ExchangeFailed {
        if (exchange.waits()) reply.flush();
        int count = exchange.read(held, filled, held.length - filled);
        if (count > 0) filled += count;
        return count >= 0;
    }

    private void pass(byte[] bytes, int length) {
        reply.write(bytes, 0, length);
        trail.addBytesOut(length);
    }
}
