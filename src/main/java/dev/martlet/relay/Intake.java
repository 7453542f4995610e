package dev.martlet.relay;

import dev.martlet.Body;
import dev.martlet.ClientLeft;
import dev.martlet.Departure;
import dev.martlet.Halt;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.wire.ByteBudget;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// A raw call's body: held when it is small and there is memory for it, so that it can be sent again; else flowing, and
/// sent once. What is held is given back at the end of the call.
///
/// Memory is taken for bytes that have come, never for a length that was stated: who announces much and sends nothing
/// would else leave none for the others.
final class Intake implements AutoCloseable {
    private static final int HELD_BYTES_MAX = 1 << 20;

    /// What the first byte of a body brings in; then twice as much each time that all of it is filled.
    private static final int FIRST_BYTES = 4 << 10;

    /// What a body that flows holds at any time: a slice of it, on its way out.
    private static final int FLOWING_BYTES = 16 << 10;

    private Body body;
    private final Optional<Halt> notHeld;
    private final ByteBudget.Lease memory;

    private Intake(Body body, Optional<Halt> notHeld, ByteBudget.Lease memory) {
        this.body = body;
        this.notHeld = notHeld;
        this.memory = memory;
    }

    static Intake take(Body body, ByteBudget budget, Trail trail) {
        return take(body, HELD_BYTES_MAX, budget, trail);
    }

    /// The same for a call whose body may be held up to another size.
    static Intake take(Body body, int heldBytesMax, ByteBudget budget, Trail trail) {
        ByteBudget.Lease memory = budget.lease();
        return switch (body) {
            case Body.None _, Body.Held _, Body.Spooled _ -> new Intake(body, Optional.empty(), memory);
            case Body.Flowing(InputStream stream, OptionalLong length) ->
                    take(new Body.Flowing(new Counted(stream, trail), length), heldBytesMax, memory);
        };
    }

    /// A body that has to be here as a whole before anything can be done with it.
    ///
    /// @throws Refused if it is larger than the bound, or than the memory that is left for bodies
    static Intake whole(Body body, Bound bound, ByteBudget budget, Trail trail) {
        ByteBudget.Lease memory = budget.lease();
        boolean taken = false;
        try {
            byte[] bytes =
                    switch (body) {
                        case Body.None _ -> new byte[0];
                        case Body.Held(byte[] held) -> held;
                        case Body.Spooled(Supplier<InputStream> content, long length) ->
                                whole(content.get(), OptionalLong.of(length), bound, memory);
                        case Body.Flowing(InputStream stream, OptionalLong length) ->
                                whole(new Counted(stream, trail), length, bound, memory);
                    };
            taken = true;
            return new Intake(new Body.Held(bytes), Optional.empty(), memory);
        } catch (IOException e) {
            throw new ClientLeft(Departure.LEFT);
        } finally {
            if (!taken) memory.close();
        }
    }

    /// How large a body may be.
    ///
    /// @param key of the configuration, that says so
    record Bound(long bytesMax, String key) {
        Refused exceeded() {
            return new Refused(new Refusal.BodyTooLarge(bytesMax, key));
        }
    }

    private static byte[] whole(InputStream stream, OptionalLong length, Bound bound, ByteBudget.Lease memory)
            throws IOException {
        if (length.orElse(0) > bound.bytesMax()) throw bound.exceeded();
        byte[] bytes = {};
        int filled = 0;
        while (true) {
            if (filled == bytes.length) {
                if (length.isPresent() && filled == length.getAsLong()) return bytes;
                if (filled > bound.bytesMax()) throw bound.exceeded();
                long most = length.orElse(bound.bytesMax() + 1);
                int more = (int) Math.min(most, Math.max(FIRST_BYTES, bytes.length * 2L));
                if (!memory.grow(more)) throw new Refused(new Refusal.Overloaded());
                bytes = Arrays.copyOf(bytes, more);
            }
            int count = stream.read(bytes, filled, bytes.length - filled);
            if (count < 0) return filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled);
            filled += count;
        }
    }

    Body body() {
        return body;
    }

    /// The content of a body that was taken as a whole.
    byte[] bytes() {
        return body instanceof Body.Held(byte[] held) ? held : new byte[0];
    }

    /// Takes the first bytes of a body that flows, to be looked at; it flows on behind them.
    ///
    /// @throws Refused if there is no memory for them
    byte[] begin(int bytesMax) throws IOException {
        reserve(bytesMax);
        return body instanceof Body.Flowing(InputStream stream, _) ? stream.readNBytes(bytesMax) : bytes();
    }

    /// Takes memory for what is made of it.
    ///
    /// @throws Refused if there is none
    void reserve(long bytes) {
        if (!memory.grow(memory.bytes() + bytes)) throw new Refused(new Refusal.Overloaded());
    }

    /// Why the body can be sent only once; empty when it can be sent again.
    Optional<Halt> notHeld() {
        return notHeld;
    }

    /// The body is not needed any more.
    @Override
    public void close() {
        body = new Body.None();
        memory.close();
    }

    private static Intake take(Body.Flowing body, int heldBytesMax, ByteBudget.Lease memory) {
        boolean taken = false;
        try {
            if (body.length().orElse(0) > heldBytesMax) {
                Intake flows = flowing(body, Halt.REPLAY_TOO_LARGE, memory);
                taken = true;
                return flows;
            }
            Intake intake = begun(body, heldBytesMax, memory);
            taken = true;
            return intake;
        } catch (IOException e) {
            throw new ClientLeft(Departure.LEFT);
        } finally {
            if (!taken) memory.close();
        }
    }

    /// The whole body, or the beginning of one that flows: of one byte more than may be held, or as much as there was
    /// memory for. A body of stated length is read into the array that keeps it.
    private static Intake begun(Body.Flowing body, int heldBytesMax, ByteBudget.Lease memory) throws IOException {
        int bytesMax = (int) body.length().orElse(heldBytesMax + 1L);
        int first = body.stream().read();
        if (first < 0) return new Intake(new Body.Held(new byte[0]), Optional.empty(), memory);
        byte[] bytes = {(byte) first};
        int filled = 1;
        while (filled < bytesMax) {
            if (filled == bytes.length) {
                int more = Math.min(bytesMax, (int) Math.max(FIRST_BYTES, bytes.length * 2L));
                if (!memory.grow(more)) return flowing(rejoined(bytes, body), Halt.NO_MEMORY_TO_HOLD, memory);
                bytes = Arrays.copyOf(bytes, more);
            }
            int count = body.stream().read(bytes, filled, bytes.length - filled);
            if (count < 0) break;
            filled += count;
        }
        byte[] begin = filled == bytes.length ? bytes : Arrays.copyOf(bytes, filled);
        memory.shrink(filled);
        if (filled > heldBytesMax) return flowing(rejoined(begin, body), Halt.REPLAY_TOO_LARGE, memory);
        return new Intake(new Body.Held(begin), Optional.empty(), memory);
    }

    /// A body that flows needs a buffer to flow through.
    private static Intake flowing(Body.Flowing body, Halt why, ByteBudget.Lease memory) {
        if (!memory.grow(FLOWING_BYTES)) throw new Refused(new Refusal.Overloaded());
        return new Intake(body, Optional.of(why), memory);
    }

    private static Body.Flowing rejoined(byte[] begin, Body.Flowing body) {
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(begin), body.stream());
        return new Body.Flowing(whole, body.length());
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
        public int available() throws IOException {
            return stream.available();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }
    }
}
