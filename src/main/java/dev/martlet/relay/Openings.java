package dev.martlet.relay;

import dev.martlet.ChannelCall;
import dev.martlet.Key;
import dev.martlet.Operation;
import dev.martlet.Operation.Kind;
import dev.martlet.routing.Attempt;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.ByteBudget;

/// Reads the beginnings of answers to channel calls, as far as the commit rule wants it (`product.md`, section 4).
final class Openings {
    private final ByteBudget memory;
    private final Pulse pulse;

    Openings(ByteBudget memory, Pulse pulse) {
        this.memory = memory;
        this.pulse = pulse;
    }

    /// What an answer answers.
    ///
    /// @param wish whether a count of tokens was asked for that the caller does not want to see
    record Subject(ChannelCall asked, Question question, Attempt.OfChannel attempt, boolean wish, Trail trail) {
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
            return question.stream() && (operation().kind() == Kind.CHAT || operation().kind() == Kind.COMPLETIONS);
        }

        /// Whether events will not do: who asked for none does not read them. Of speech another field asks for them.
        boolean wantsWhole() {
            return !question.stream() && operation().kind() != Kind.AUDIO;
        }

        /// The name that the caller gave the model.
        String model() {
            return question.model();
        }
    }

    /// @throws ExchangeFailed if the answer ends before enough of it has come; the exchange is closed then
    Opening read(Exchange exchange, Subject subject) throws ExchangeFailed {
        boolean read = false;
        try {
            Opening opening =
                    StreamOpening.isOne(exchange)
                            ? StreamOpening.read(exchange, subject, pulse, memory)
                            : WholeOpening.read(exchange, subject, memory);
            read = true;
            return opening;
        } finally {
            if (!read) exchange.close();
        }
    }
}
