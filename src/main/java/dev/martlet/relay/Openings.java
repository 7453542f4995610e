package dev.martlet.relay;

import dev.martlet.Cause;
import dev.martlet.Signal;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.wire.ByteBudget;

/// Reads the beginnings of answers to channel calls, as far as the commit rule wants it (`product.md`, section 4).
///
/// What comes decides, not what was asked for: a caller gets events or a whole answer as it has asked, whichever its upstream
/// has sent.
final class Openings {
    private final ByteBudget memory;
    private final Intake.Bound bound;
    private final Pulse pulse;

    /// @param bound of answers that have to be here as a whole before the client gets anything of them
    Openings(ByteBudget memory, Intake.Bound bound, Pulse pulse) {
        this.memory = memory;
        this.bound = bound;
        this.pulse = pulse;
    }

    /// @throws ExchangeFailed      if the answer ends before enough of it has come; the exchange is closed then
    /// @throws dev.martlet.Refused if it is more than there is room for
    Opening read(Exchange exchange, Subject subject) throws ExchangeFailed {
        boolean read = false;
        try {
            Opening opening = Events.areIn(exchange) ? ofEvents(exchange, subject) : ofWhole(exchange, subject);
            read = true;
            return opening;
        } finally {
            if (!read) exchange.close();
        }
    }

    private Opening ofEvents(Exchange exchange, Subject subject) throws ExchangeFailed {
        if (!subject.wantsWhole()) return StreamOpening.read(exchange, subject, pulse, memory);
        if (subject.operation().kind().streams()) return RestatedOpening.read(exchange, subject, hold());
        exchange.close();
        return new NoAnswer(new Signal.Nonsense(Cause.NOT_JSON));
    }

    private Opening ofWhole(Exchange exchange, Subject subject) throws ExchangeFailed {
        boolean unfolded = subject.wantsEvents() && exchange.head().status() / 100 == 2;
        boolean passes = subject.way().isSame() && !unfolded;
        return passes ? WholeOpening.read(exchange, subject, memory) : RestatedOpening.read(exchange, subject, hold());
    }

    private Hold hold() {
        return Hold.of(memory, bound);
    }
}
