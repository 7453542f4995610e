package dev.martlet.relay;

import dev.martlet.Body;
import dev.martlet.Halt;
import dev.martlet.dialect.MultipartReading;
import dev.martlet.dialect.MultipartReading.Edit;
import dev.martlet.wire.Span;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The bytes of a form, wherever they are kept. What that takes is given back when it is closed.
sealed interface FormContent extends AutoCloseable {
    /// All of it, with a change.
    Body body(Optional<Edit> edit);

    /// Whether it is there to be sent.
    default boolean sendable() {
        return true;
    }

    /// Why it can be sent only once; empty when it can be sent again.
    default Optional<Halt> notHeld() {
        return Optional.empty();
    }

    @Override
    void close();

    private static byte[] edited(byte[] bytes, Optional<Edit> edit) {
        if (edit.isEmpty()) return bytes;
        Span span = new Span((int) edit.get().from(), (int) edit.get().to());
        return span.replacedIn(bytes, bytes(edit.get()));
    }

    private static byte[] bytes(Edit edit) {
        return edit.text().getBytes(StandardCharsets.UTF_8);
    }

    /// A short one, in memory.
    final class Held implements FormContent {
        private byte[] bytes;
        private final Intake intake;

        Held(byte[] bytes, Intake intake) {
            this.bytes = bytes;
            this.intake = intake;
        }

        @Override
        public Body body(Optional<Edit> edit) {
            return new Body.Held(edited(bytes, edit));
        }

        @Override
        public void close() {
            bytes = new byte[0];
            intake.close();
        }
    }

    /// One that is still arriving, but for its beginning, which names the model. Sent once; what comes is read as it passes,
    /// so that it says nothing else further down.
    final class Flowing implements FormContent {
        private final byte[] begin;
        private final Body.Flowing body;
        private final MultipartReading reading;
        private final Intake intake;
        private boolean gone;

        /// @param begin what has been taken from the body, and read
        Flowing(byte[] begin, Body.Flowing body, MultipartReading reading, Intake intake) {
            this.begin = begin;
            this.body = body;
            this.reading = reading;
            this.intake = intake;
        }

        @Override
        public Body body(Optional<Edit> edit) {
            byte[] edited = edited(begin, edit);
            OptionalLong length = body.length();
            if (length.isPresent()) length = OptionalLong.of(length.getAsLong() - begin.length + edited.length);
            InputStream whole = new SequenceInputStream(new ByteArrayInputStream(edited), new Rest());
            return new Body.Flowing(new Once(whole), length);
        }

        @Override
        public boolean sendable() {
            return !gone;
        }

        @Override
        public Optional<Halt> notHeld() {
            return intake.notHeld();
        }

        @Override
        public void close() {
            intake.close();
        }

        /// Notes that it is read.
        private final class Once extends Passing {
            Once(InputStream stream) {
                super(stream);
            }

            @Override
            void passes(byte[] into, int from, int count) {
                gone = true;
            }
        }

        /// What follows the beginning.
        private final class Rest extends Passing {
            Rest() {
                super(body.stream());
            }

            @Override
            void passes(byte[] into, int from, int count) {
                if (count < 0) reading.end();
                else reading.read(into, from, count);
            }
        }
    }

    /// One in a file.
    record Spooled(Spool.Reel reel) implements FormContent {
        @Override
        public Body body(Optional<Edit> edit) {
            if (edit.isEmpty()) return new Body.Spooled(() -> reel.part(0, reel.length()), reel.length());
            Edit change = edit.get();
            byte[] with = bytes(change);
            return new Body.Spooled(
                    () ->
                            new SequenceInputStream(
                                    Collections.enumeration(
                                            List.of(
                                                    reel.part(0, change.from()),
                                                    new ByteArrayInputStream(with),
                                                    reel.part(change.to(), reel.length())))),
                    reel.length() - (change.to() - change.from()) + with.length);
        }

        @Override
        public void close() {
            reel.close();
        }
    }

    /// A stream that is looked at as it is read.
    abstract class Passing extends InputStream {
        private final InputStream stream;

        Passing(InputStream stream) {
            this.stream = stream;
        }

        /// @param count as read; -1 at the end
        abstract void passes(byte[] into, int from, int count);

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int count = stream.read(into, from, length);
            passes(into, from, count);
            return count;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int available() throws IOException {
            return stream.available();
        }
    }
}
