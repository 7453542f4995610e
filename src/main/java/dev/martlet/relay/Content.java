package dev.martlet.relay;

import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.ByteBudget;
import dev.martlet.wire.Http1.Framing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What an answer says that is no stream.
///
/// @param bytes all of it, or how it begins
/// @param whole whether it is all of it
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Content(byte[] bytes, boolean whole) {
    private static final int FIRST_BYTES = 4 << 10;

    /// Reads an answer to its end, or as far as bounds and memory allow.
    ///
    /// @param memory in which it is held; belongs to whoever asks
    static Content read(Exchange exchange, long bytesMax, ByteBudget.Lease memory) throws ExchangeFailed {
        int most = most(exchange.framing(), bytesMax);
        byte[] bytes = new byte[Math.min(most, FIRST_BYTES)];
        int filled = 0;
        boolean ended = false;
        while (!ended) {
            if (filled == bytes.length) {
                ended = exchange.framing() instanceof Framing.Length(long stated) && filled == stated;
                if (ended) break;
                int more = (int) Math.min(most, bytes.length * 2L);
                if (more == bytes.length || !memory.grow(more)) break; // what is here has to do
                bytes = Arrays.copyOf(bytes, more);
            }
            int count = exchange.read(bytes, filled, bytes.length - filled);
            ended = count < 0;
            if (!ended) filled += count;
        }
        return new Content(filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled), ended);
    }

    private static int most(Framing framing, long bytesMax) {
        long stated = framing instanceof Framing.Length(long bytes) ? bytes : bytesMax;
        return (int) Math.min(stated, Math.min(bytesMax, Integer.MAX_VALUE - 8));
    }

    /// Whether these characters stand in it.
    boolean mentions(String word) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(word);
    }
}
