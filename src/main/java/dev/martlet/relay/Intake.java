package dev.martlet.relay;

import dev.martlet.Body;
import dev.martlet.ClientLeft;
import dev.martlet.Departure;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.OptionalLong;

/// Takes a raw call's body: held when it is small, so that it can be sent again; else flowing, and sent once.
final class Intake {
    private static final int HELD_BYTES_MAX = 1 << 20;

    private Intake() {}

    static Body take(Body body, Trail trail) {
        return switch (body) {
            case Body.None none -> none;
            case Body.Held held -> held;
            case Body.Flowing(InputStream stream, OptionalLong length) -> take(new Counted(stream, trail), length);
        };
    }

    private static Body take(InputStream stream, OptionalLong length) {
        if (length.orElse(0) > HELD_BYTES_MAX) return new Body.Flowing(stream, length);
        try {
            byte[] begin = stream.readNBytes(HELD_BYTES_MAX + 1);
            if (begin.length <= HELD_BYTES_MAX) return new Body.Held(begin);
            return new Body.Flowing(new SequenceInputStream(new ByteArrayInputStream(begin), stream), length);
        } catch (IOException e) {
            throw new ClientLeft(Departure.LEFT);
        }
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
