package dev.martlet.relay;

import dev.martlet.ChannelCall;
import dev.martlet.Halt;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.Signal;
import dev.martlet.Target;
import dev.martlet.dialect.RequestReading.Wording;
import dev.martlet.dialect.Translation;
import dev.martlet.routing.Again;
import dev.martlet.routing.Attempt;
import dev.martlet.routing.Plan;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.upstream.Upstream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A call that is routed by model: its body is sent with the channel's name for the model and the channel's key, and the
/// answer is read as far as it takes to know that it is one.
final class ChannelErrand implements Errand {
    private final ChannelCall asked;
    private final Question question;
    private final Desk desk;
    private final Trail trail;
    private Optional<Refusal> unfit = Optional.empty();

    /// What it needs of the room.
    ///
    /// @param refusers remembers who does not count tokens in streams
    record Desk(Upstream upstream, Openings openings, UsageRefusers refusers) {}

    ChannelErrand(ChannelCall asked, Question question, Desk desk, Trail trail) {
        this.asked = asked;
        this.question = question;
        this.desk = desk;
        this.trail = trail;
    }

    @Override
    public Again again() {
        if (!question.sendable()) return Again.NEVER;
        return asked.operation().kind().replayable() ? Again.FREELY : Again.UNTOUCHED;
    }

    @Override
    public Opening open(Attempt attempt, Patience client) throws ExchangeFailed {
        return switch (attempt) {
            case Attempt.OfChannel channel -> open(channel, client);
            case Attempt.OfService _, Attempt.InLane _ ->
                    throw new IllegalStateException(attempt.name() + " is not a channel");
        };
    }

    @Override
    public void answered() {
        question.close();
    }

    @Override
    public Halt reason(Halt why) {
        return why == Halt.NOT_REPLAYABLE ? question.notHeld().orElse(why) : why;
    }

    @Override
    public Refusal allFailed(Plan plan) {
        boolean nowhere = trail.tried().stream().allMatch(one -> one.signal() instanceof Signal.Unfit);
        if (nowhere && unfit.isPresent()) return unfit.get();
        if (plan.modelUnknown()) return new Refusal.ModelNotFound(question.model());
        return new Refusal.ChannelsFailed(trail.tried(), plan.leftOut(), plan.throttled(), plan.reopens());
    }

    /// An upstream that does not know how to count tokens in a stream gets the call once more without that wish.
    private Opening open(Attempt.OfChannel attempt, Patience client) throws ExchangeFailed {
        boolean wish = streams(attempt) && question.takesWish() && !desk.refusers().include(attempt.channel());
        Opening opening = send(attempt, wish, client);
        boolean refused = wish && opening.signal() instanceof Signal.Refused && opening.mentions("stream_options");
        if (!refused) return opening;
        desk.refusers().add(attempt.channel());
        opening.close();
        return send(attempt, false, client);
    }

    private Opening send(Attempt.OfChannel attempt, boolean wish, Patience client) throws ExchangeFailed {
        Translation way = Translation.between(asked.dialect(), attempt.dialect());
        Parcel parcel;
        try {
            parcel = Parcel.of(asked, question, way, new Wording(attempt.model(), streams(attempt), wish));
        } catch (Refused refused) {
            return unfit(refused);
        }
        String query = attempt.channel().query();
        String path =
                query.isEmpty() ? parcel.path() : parcel.path() + (parcel.path().indexOf('?') < 0 ? "?" : "&") + query;
        Upstream.Request request =
                new Upstream.Request(
                        asked.call().method(),
                        path,
                        ChannelHeaders.toUpstream(asked, attempt, parcel.fields()),
                        parcel.body());
        Exchange exchange = desk.upstream().send(inTime(attempt), request, client);
        Subject subject = new Subject(asked, question, attempt, way, wish, parcel.dropped(), trail);
        return desk.openings().read(exchange, subject);
    }

    /// What cannot be said in one dialect can perhaps be said in that of another channel.
    private Opening unfit(Refused refused) {
        if (!(refused.why() instanceof Refusal.BadRequest why)) throw refused;
        if (unfit.isEmpty()) unfit = Optional.of(why);
        return new NoAnswer(new Signal.Unfit());
    }

    /// Whether the upstream is asked for events.
    private boolean streams(Attempt.OfChannel attempt) {
        boolean choice = asked.operation().kind().streams();
        return choice ? attempt.channel().streaming().of(question.stream()) : question.stream();
    }

    /// All attempts and a whole answer share one time; a stream has its own once it flows.
    ///
    /// @throws Refused if others have used it up: who is left none could only fail, and be blamed for it
    private Target inTime(Attempt.OfChannel attempt) {
        Duration spent = Duration.ofNanos(System.nanoTime() - asked.call().startedAt());
        Duration left = attempt.channel().total().minus(spent);
        boolean over = !left.isPositive() && !trail.tried().isEmpty();
        if (over) throw new Refused(new Refusal.ChannelsFailed(trail.tried(), List.of(), false, Optional.empty()));
        return attempt.target().within(left, question.stream());
    }
}
