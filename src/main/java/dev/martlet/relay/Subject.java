package dev.martlet.relay;

import dev.martlet.ChannelCall;
import dev.martlet.Fields;
import dev.martlet.Key;
import dev.martlet.Operation;
import dev.martlet.Operation.Kind;
import dev.martlet.dialect.AnswerReading;
import dev.martlet.dialect.Heading;
import dev.martlet.dialect.Translation;
import dev.martlet.routing.Attempt;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What an answer answers.
///
/// @param way     between the caller and the channel
/// @param wish    whether a count of tokens was asked for that the caller does not want to see
/// @param dropped what of the request had no counterpart in the channel's dialect
record Subject(
        ChannelCall asked,
        Question question,
        Attempt.OfChannel attempt,
        Translation way,
        boolean wish,
        List<String> dropped,
        Trail trail) {
    private static final int DROPPED_CHARS_MAX = 1024;

    Key key() {
        return attempt.key();
    }

    boolean ownKey() {
        return !attempt.channel().takesCallersKeys();
    }

    Operation operation() {
        return asked.operation();
    }

    /// Whether only events will do: where the caller waits for them, and every provider has them.
    boolean wantsEvents() {
        return question.stream() && operation().kind().streams();
    }

    /// Whether events will not do: who asked for none does not read them. Of speech another field asks for them.
    boolean wantsWhole() {
        return !question.stream() && operation().kind() != Kind.AUDIO;
    }

    /// The name that the caller gave the model.
    String model() {
        return question.model();
    }

    /// What an answer says, whatever its status claims.
    AnswerReading read(Told told, Fields head) {
        AnswerReading.Answered answered =
                new AnswerReading.Answered(
                        attempt.dialect(),
                        operation(),
                        told.status(),
                        head,
                        told.content().bytes(),
                        told.content().whole(),
                        ownKey());
        return AnswerReading.of(answered, Instant.now());
    }

    /// What an answer says of itself that was made here.
    Heading heading() {
        String id = UUID.randomUUID().toString().replace("-", "");
        return new Heading(id, System.currentTimeMillis() / 1000, model(), question.usageAsked(), question.forms());
    }

    /// Whether an answer tells our key.
    boolean isToldIn(Content content) {
        return ownKey() && key().secret().filter(key -> content.mentions(key.value())).isPresent();
    }

    /// What the client is told of the way of its call. Names are the caller's: what no header line can hold is a question
    /// mark.
    Fields shown() {
        Fields shown = trail.shown();
        if (dropped.isEmpty()) return shown;
        String names = String.join(", ", dropped).replaceAll("[^ -~]", "?");
        return shown.with("x-martlet-dropped", names.substring(0, Math.min(names.length(), DROPPED_CHARS_MAX)));
    }
}
