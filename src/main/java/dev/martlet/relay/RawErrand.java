package dev.martlet.relay;

import dev.martlet.Call;
import dev.martlet.Ending;
import dev.martlet.Halt;
import dev.martlet.LeftOut;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.routing.Again;
import dev.martlet.routing.Attempt;
import dev.martlet.routing.Plan;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.upstream.Upstream;

import java.util.List;

/// A raw call: bytes go as they came, and the status alone decides.
final class RawErrand implements Errand {
    private final Call call;
    private final Intake intake;
    private final Upstream upstream;
    private final Trail trail;

    RawErrand(Call call, Intake intake, Upstream upstream, Trail trail) {
        this.call = call;
        this.intake = intake;
        this.upstream = upstream;
        this.trail = trail;
    }

    @Override
    public Again again() {
        return intake.body().replayable() ? Again.FREELY : Again.UNTOUCHED;
    }

    @Override
    public Opening open(Attempt attempt, Patience client) throws ExchangeFailed {
        Upstream.Request request =
                new Upstream.Request(
                        call.method(),
                        RawHeaders.target(call.target()),
                        RawHeaders.toUpstream(call, attempt.target()),
                        intake.body());
        return new RawOpening(upstream.send(attempt.target(), request, client), trail);
    }

    @Override
    public void answered() {
        intake.close();
    }

    @Override
    public Halt reason(Halt why) {
        return why == Halt.NOT_REPLAYABLE ? intake.notHeld().orElse(why) : why;
    }

    @Override
    public Refusal allFailed(Plan plan) {
        List<String> leftOut = plan.leftOut().stream().map(LeftOut::name).toList();
        return new Refusal.AllFailed(trail.tried(), leftOut, plan.reopens());
    }

    /// The status alone decides.
    static Signal signal(int status) {
        if (status >= 500) return new Signal.Failed(status);
        return status >= 400 ? new Signal.Refused(status) : new Signal.Good(status);
    }

    private record RawOpening(Exchange exchange, Trail trail) implements Opening {
        @Override
        public Signal signal() {
            return RawErrand.signal(exchange.head().status());
        }

        @Override
        public boolean mentions(String word) {
            return false;
        }

        @Override
        public Ending deliver(Reply reply) {
            return Delivery.copy(exchange, reply, trail);
        }

        @Override
        public void close() {
            exchange.close();
        }
    }
}
