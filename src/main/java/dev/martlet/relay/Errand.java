package dev.martlet.relay;

import dev.martlet.Halt;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.routing.Again;
import dev.martlet.routing.Attempt;
import dev.martlet.routing.Plan;
import dev.martlet.upstream.ExchangeFailed;

/// What raw calls and calls that are routed by model do each in its own way, on the same path.
interface Errand {
    /// Whether it may be sent once more, as things stand now.
    Again again();

    /// Sends it to a target, and reads as much of the answer as decides what becomes of it.
    ///
    /// @throws ExchangeFailed if there is no such answer
    Opening open(Attempt attempt, Patience client) throws ExchangeFailed;

    /// The client gets an answer: this is not sent again, and what was held for that is given back.
    void answered();

    /// Why nothing followed a failed attempt, as far as this call knows better than its plan.
    Halt reason(Halt why);

    /// What the client is told when nobody answered.
    Refusal allFailed(Plan plan);
}
