package dev.martlet.relay;

import dev.martlet.ClientLeft;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.Halt;
import dev.martlet.Lane;
import dev.martlet.Lanes;
import dev.martlet.NamedService;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.ServiceCall;
import dev.martlet.Signal;
import dev.martlet.dialect.Pauses;
import dev.martlet.routing.Again;
import dev.martlet.routing.Attempt;
import dev.martlet.routing.Plan;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.upstream.Upstream;
import dev.martlet.wire.Http1.Framing;
import dev.martlet.wire.Http1.ResponseHead;

import java.time.Instant;

/// A call to a service that it names: bytes go as they came, answers by the edge lane are bounded.
final class ServiceErrand implements Errand {
    private final Order order;
    private final Upstream upstream;
    private final Trail trail;

    /// What is to be done.
    record Order(ServiceCall asked, NamedService service, Lanes lanes, Intake intake) {
        /// How large an answer may be.
        long bytesMax(Lane lane, Exchange exchange) {
            boolean bounded = lane == Lane.EDGE && !ServiceHeaders.isEventStream(exchange.head().fields());
            return bounded ? service.answerBytesMax().orElse(lanes.answerBytesMax()) : Long.MAX_VALUE;
        }
    }

    ServiceErrand(Order order, Upstream upstream, Trail trail) {
        this.order = order;
        this.upstream = upstream;
        this.trail = trail;
    }

    @Override
    public Again again() {
        boolean replayable = order.service().retryMethods().contains(order.asked().call().method());
        return replayable && order.intake().body().replayable() ? Again.FREELY : Again.UNTOUCHED;
    }

    @Override
    public Opening open(Attempt attempt, Patience client) throws ExchangeFailed {
        return switch (attempt) {
            case Attempt.InLane inLane -> open(inLane, client);
            case Attempt.OfService _, Attempt.OfChannel _ ->
                    throw new IllegalStateException(attempt.name() + " is in no lane");
        };
    }

    private Opening open(Attempt.InLane attempt, Patience client) throws ExchangeFailed {
        trail.takes(attempt.lane());
        Upstream.Request request =
                new Upstream.Request(
                        order.asked().call().method(),
                        RawHeaders.target(order.asked().target()),
                        ServiceHeaders.toUpstream(order.asked(), order.service()),
                        order.intake().body());
        return new ServiceOpening(upstream.send(attempt.target(), request, client), attempt.lane(), order, trail);
    }

    @Override
    public void answered() {
        order.intake().close();
    }

    @Override
    public Halt reason(Halt why) {
        return why == Halt.NOT_REPLAYABLE ? order.intake().notHeld().orElse(why) : why;
    }

    @Override
    public Refusal allFailed(Plan plan) {
        if (!trail.tried().isEmpty()) return new Refusal.ServiceFailed(trail.tried().getLast().signal(), trail.lane());
        boolean laneFull = plan.leftOut().stream().anyMatch(one -> one.name().equals(Lane.BACKGROUND.word()));
        return laneFull ? new Refusal.LaneFull() : new Refusal.Overloaded();
    }

    private record ServiceOpening(Exchange exchange, Lane lane, Order order, Trail trail) implements Opening {
        @Override
        public Signal signal() {
            ResponseHead head = exchange.head();
            if (head.status() < 500) return RawErrand.signal(head.status());
            return new Signal.Failed(head.status(), Pauses.retryAfter(head.fields(), Instant.now()));
        }

        @Override
        public boolean mentions(String word) {
            return false;
        }

        @Override
        public Ending deliver(Reply reply) {
            long bytesMax = order.bytesMax(lane, exchange);
            boolean tooLarge = exchange.framing() instanceof Framing.Length(long bytes) && bytes > bytesMax;
            if (tooLarge) throw tooLarge(bytesMax);
            if (!PackedReply.suits(order.asked().call(), exchange.head(), exchange.framing()))
                return copy(reply, bytesMax);
            try (PackedReply packed = new PackedReply(reply, trail)) {
                return copy(packed, bytesMax);
            }
        }

        private Ending copy(Reply reply, long bytesMax) {
            try {
                begin(reply);
                return Delivery.rest(exchange, reply, trail, bytesMax);
            } catch (ClientLeft e) {
                return Ending.of(e.how());
            }
        }

        private Refused tooLarge(long bytesMax) {
            long bytes = exchange.framing() instanceof Framing.Length(long length) ? length : 0;
            return new Refused(new Refusal.AnswerTooLarge(bytes, bytesMax));
        }

        private void begin(Reply reply) {
            ResponseHead head = exchange.head();
            Fields passed = ServiceHeaders.toClient(head, exchange.framing(), order.asked());
            Fields all = passed.and(ServiceHeaders.added(passed)).with("X-Processing-Mode", lane.word());
            trail.begun(head.status());
            reply.begin(head.status(), head.reason(), all, exchange.framing());
        }

        @Override
        public void close() {
            exchange.close();
        }
    }
}
