package dev.martlet.relay;

import dev.martlet.Body;
import dev.martlet.ChannelCall;
import dev.martlet.ClientLeft;
import dev.martlet.Departure;
import dev.martlet.Refused;
import dev.martlet.dialect.MultipartReading;
import dev.martlet.dialect.RequestReading;
import dev.martlet.wire.ByteBudget;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// Takes the bodies of calls that are routed by model, and reads which. JSON is held whole, and so is a form of up to 1 MiB.
/// A longer form flows when its beginning names the model, and else waits in a file until it is whole.
final class Questions {
    /// How much of a long form is searched before it goes to a file.
    private static final int BEGIN_BYTES = 64 << 10;

    private static final int PIECE_BYTES = 16 << 10;

    private final ByteBudget memory;
    private final Intake.Bound bound;
    private final Spool spool;

    /// @param bound of JSON
    Questions(ByteBudget memory, Intake.Bound bound, Spool spool) {
        this.memory = memory;
        this.bound = bound;
        this.spool = spool;
    }

    /// What a call asks; its content type decides how that is read.
    ///
    /// @throws Refused if it cannot be understood, or is more than there is room for
    Question of(ChannelCall asked, Trail trail) {
        List<String> contentTypes = asked.call().fields().all("Content-Type");
        return MultipartReading.reads(contentTypes)
                ? form(asked, new MultipartReading(asked.operation(), contentTypes), trail)
                : json(asked, trail);
    }

    private Question json(ChannelCall asked, Trail trail) {
        Intake intake = Intake.whole(asked.call().body(), bound, memory, trail);
        boolean read = false;
        try {
            byte[] json = intake.bytes();
            RequestReading reading = RequestReading.of(asked.operation(), json, asked.call().fields());
            read = true;
            return new JsonQuestion(reading, intake);
        } finally {
            if (!read) intake.close();
        }
    }

    private Question form(ChannelCall asked, MultipartReading reading, Trail trail) {
        Intake intake = Intake.take(asked.call().body(), memory, trail);
        boolean read = false;
        try {
            FormContent content =
                    intake.body() instanceof Body.Flowing flowing
                            ? content(flowing, intake, reading)
                            : held(intake.bytes(), intake, reading);
            read = true;
            return new FormQuestion(reading, content);
        } catch (IOException e) {
            throw new ClientLeft(Departure.LEFT);
        } finally {
            if (!read) intake.close();
        }
    }

    private FormContent content(Body.Flowing body, Intake intake, MultipartReading reading) throws IOException {
        byte[] begin = intake.begin(BEGIN_BYTES);
        if (begin.length < BEGIN_BYTES) return held(begin, intake, reading);
        reading.read(begin, 0, begin.length);
        if (reading.namesModel()) return new FormContent.Flowing(begin, body, reading, intake);
        Spool.Reel reel = spool.reel();
        boolean whole = false;
        try {
            reel.write(begin, begin.length);
            wind(body.stream(), reel, reading);
            intake.close();
            whole = true;
            return new FormContent.Spooled(reel);
        } finally {
            if (!whole) reel.close();
        }
    }

    private static FormContent held(byte[] bytes, Intake intake, MultipartReading reading) {
        reading.read(bytes, 0, bytes.length);
        reading.end();
        return new FormContent.Held(bytes, intake);
    }

    /// Writes the rest of a form to a file, and reads it as it passes.
    private static void wind(InputStream rest, Spool.Reel reel, MultipartReading reading) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int count = rest.read(piece); count >= 0; count = rest.read(piece)) {
            reading.read(piece, 0, count);
            reel.write(piece, count);
        }
        reading.end();
    }
}
