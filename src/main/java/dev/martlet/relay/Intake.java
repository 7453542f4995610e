package dev.martlet.relay;

import dev.martlet.Body;
import dev.martlet.ClientLeft;
import dev.martlet.Departure;
import dev.martlet.wire.ByteBudget;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/// A raw call's body: held when it is small and there is memory for it, so that it can be sent again; else flowing, and
/// sent once. What is held is given back at the end of the call.
final class Intake implements AutoCloseable {
    private static final int HELD_BYTES_MAX = 1 << 20;

    /// What a client gets on its word; more only when so much has come.
    private static final int FIRST_BYTES = 16 << 10;

    private final Body body;
    private final Optional<ByteBudget.Lease> memory;

    private Intake(Body body, Optional<ByteBudget.Lease> memory) {
        this.body = body;
        this.memory = memory;
    }

    static Intake take(Body body, ByteBudget budget, Trail trail) {
        return switch (body) {
            case Body.None _, Body.Held _ -> new Intake(body, Optional.empty());
            case Body.Flowing(InputStream stream, OptionalLong length) ->
                    take(new Body.Flowing(new Counted(stream, trail), length), budget);
        };
    }

    Body body() {
        return body;
    }

    @Override
    public void close() {
        memory.ifPresent(ByteBudget.Lease::close);
    }

    private static Intake take(Body.Flowing body, ByteBudget budget) {
        long wanted = body.length().orElse(HELD_BYTES_MAX);
        Optional<ByteBudget.Lease> memory = wanted > HELD_BYTES_MAX ? Optional.empty() : budget.lease(wanted);
        if (memory.isEmpty()) return new Intake(body, memory);
        boolean taken = false;
        try {
            byte[] begin = begin(body);
            memory.get().shrink(begin.length);
            taken = true;
            return new Intake(begin.length <= HELD_BYTES_MAX ? new Body.Held(begin) : rejoined(begin, body), memory);
        } catch (IOException e) {
            throw new ClientLeft(Departure.LEFT);
        } finally {
            if (!taken) memory.get().close();
        }
    }

    private static Body rejoined(byte[] begin, Body.Flowing body) {
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(begin), body.stream());
        return new Body.Flowing(whole, body.length());
    }

    /// The whole body, or one byte more than may be held. A body of stated length is read into the array that keeps it.
    private static byte[] begin(Body.Flowing body) throws IOException {
        int bytesMax = (int) body.length().orElse(HELD_BYTES_MAX + 1L);
        byte[] bytes = new byte[Math.min(bytesMax, FIRST_BYTES)];
        int filled = 0;
        while (filled < bytesMax) {
            if (filled == bytes.length) bytes = Arrays.copyOf(bytes, Math.min(bytesMax, bytes.length * 2));
            int count = body.stream().read(bytes, filled, bytes.length - filled);
            if (count < 0) break;
            filled += count;
        }
        return filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled);
    }

    /// Counts what is read.
    private static final class Counted extends InputStream {
        private final InputStream stream;
        private final Trail trail;

        Counted(InputStream stream, Trail trail) {
            this.stream = stream;
            this.trail = trail;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = stream.read(into, from, length);
            if (count > 0) trail.addBytesIn(count);
            return count;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }
    }
}
