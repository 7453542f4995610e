package dev.martlet.relay;

import dev.martlet.Call;
import dev.martlet.CallRecord;
import dev.martlet.Catalog;
import dev.martlet.ClientLeft;
import dev.martlet.Departure;
import dev.martlet.Ending;
import dev.martlet.Halt;
import dev.martlet.LeftOut;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.Signal;
import dev.martlet.routing.Attempt;
import dev.martlet.routing.Lease;
import dev.martlet.routing.Plan;
import dev.martlet.routing.Router;
import dev.martlet.routing.Verdict;
import dev.martlet.upstream.Exchange;
import dev.martlet.upstream.ExchangeFailed;
import dev.martlet.upstream.Upstream;
import dev.martlet.wire.ByteBudget;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Takes a call from its door to its end: one call, one outcome, one record, whatever happens.
public final class Relay {
    private final Supplier<Catalog> catalogs;
    private final Router router;
    private final Upstream upstream;
    private final ByteBudget memory;
    private final Consumer<CallRecord> records;

    /// @param catalogs the catalog in force; a call keeps the one it began with
    /// @param memory   for bodies that are held
    /// @param records  gets one record a call
    public Relay(
            Supplier<Catalog> catalogs,
            Router router,
            Upstream upstream,
            ByteBudget memory,
            Consumer<CallRecord> records) {
        this.catalogs = catalogs;
        this.router = router;
        this.upstream = upstream;
        this.memory = memory;
        this.records = records;
    }

    /// Handles a raw call. A client that left is noted and thrown on as [ClientLeft]: nobody is there to be answered.
    public void handle(Call call, Reply reply) {
        Trail trail = new Trail(call);
        try {
            Catalog catalog = catalogs.get();
            if (catalog.pool().size() < 2) throw new Refused(new Refusal.NotSetUp(catalog.poolHint()));
            try (Intake intake = Intake.take(call.body(), memory, trail);
                    Plan plan = router.plan(catalog)) {
                attempt(new Sent(call, intake, reply, trail, plan));
            }
        } catch (Refused refused) {
            trail.refused(refused.why(), endingOf(refused.why()));
            reply.refuse(refused.why());
        } catch (ClientLeft left) {
            trail.ended(endingOf(left, trail), 499);
            throw left;
        } finally {
            records.accept(trail.record());
        }
    }

    /// Tries one target after the other, until the client has an answer or there is nothing left to try.
    private void attempt(Sent sent) {
        Plan plan = sent.plan();
        for (Optional<Lease> place = plan.next(); place.isPresent(); place = plan.next()) {
            try (Lease lease = place.get()) {
                if (answers(lease, sent)) return;
            }
            pause(plan.pause(), sent.reply().patience());
        }
        throw new Refused(allFailed(sent));
    }

    private static Refusal allFailed(Sent sent) {
        List<String> leftOut = sent.plan().leftOut().stream().map(LeftOut::name).toList();
        return new Refusal.AllFailed(sent.trail().tried(), leftOut, sent.plan().reopens());
    }

    /// A call, ready to be sent as often as its body allows.
    private record Sent(Call call, Intake intake, Reply reply, Trail trail, Plan plan) {
        Upstream.Request request(Attempt attempt) {
            return new Upstream.Request(
                    call.method(),
                    RawHeaders.target(call.target()),
                    RawHeaders.toUpstream(call, attempt.target()),
                    intake.body());
        }
    }

    /// Makes one attempt; true when the client got its answer.
    private boolean answers(Lease lease, Sent sent) {
        Attempt attempt = lease.attempt();
        long since = System.nanoTime();
        Farewell client = new Farewell(sent.reply().patience());
        try (Exchange exchange = upstream.send(attempt.target(), sent.request(attempt), client)) {
            Signal signal = signalOf(exchange.head().status());
            sent.trail().add(attempt.name(), signal, since);
            if (verdict(lease, signal, sent) == Verdict.NEXT) {
                lease.learn(signal);
                return false;
            }
            sent.plan().answered();
            Ending copied = Delivery.copy(exchange, sent.reply(), sent.trail());
            boolean leftAmid = client.left() && copied != Ending.COMPLETE; // who has it all may go
            Ending ending = leftAmid ? Delivery.ending(client.departure()) : copied;
            sent.trail().ended(ending);
            if (signal instanceof Signal.Failed) lease.learn(signal);
            else lease.learn(ending);
            return true;
        } catch (ExchangeFailed failed) {
            sent.trail().add(attempt.name(), failed.signal(), since);
            if (client.left()) throw new ClientLeft(client.departure());
            lease.learn(failed.signal());
            if (verdict(lease, failed.signal(), sent) == Verdict.NEXT) return false;
            throw new Refused(allFailed(sent));
        }
    }

    private static Verdict verdict(Lease lease, Signal signal, Sent sent) {
        Verdict verdict = sent.plan().judge(lease, signal, sent.intake().body().replayable());
        Optional<Halt> halted = sent.plan().halted();
        halted.map(why -> why == Halt.NOT_REPLAYABLE ? sent.intake().notHeld().orElse(why) : why)
                .ifPresent(sent.trail()::halted);
        return verdict;
    }

    /// Waits before a retry; ends at once when the client leaves.
    private static void pause(Duration time, Patience client) {
        if (time.isZero()) return;
        CountDownLatch left = new CountDownLatch(1);
        try (Patience.Watch _ = client.watch(left::countDown)) {
            if (!left.await(time.toNanos(), TimeUnit.NANOSECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ClientLeft(client.departure());
    }

    private static Signal signalOf(int status) {
        if (status >= 500) return new Signal.Failed(status);
        return status >= 400 ? new Signal.Refused(status) : new Signal.Good(status);
    }

    private static Ending endingOf(ClientLeft left, Trail trail) {
        if (left.how() == Departure.CUT) return Ending.KILLED;
        return trail.tried().isEmpty() ? Ending.BODY_CUT : Ending.CLIENT_LEFT_WAITING;
    }

    private static Ending endingOf(Refusal why) {
        return switch (why) {
            case Refusal.AllFailed _, Refusal.ChannelsFailed _ -> Ending.NO_UPSTREAM;
            case Refusal.BodyTooSlow _ -> Ending.BODY_TIMEOUT;
            case Refusal.NotSetUp _,
                    Refusal.BodyTooLarge _,
                    Refusal.BodyUnreadable _,
                    Refusal.Malformed _,
                    Refusal.BadPath _,
                    Refusal.ForOperators _,
                    Refusal.NotFound _,
                    Refusal.MethodNotAllowed _,
                    Refusal.NotOffered _,
                    Refusal.Overloaded _,
                    Refusal.TooManyRequests _,
                    Refusal.BadRequest _,
                    Refusal.EncodingUnsupported _,
                    Refusal.ModelNotFound _,
                    Refusal.ClientKeyRequired _,
                    Refusal.ProviderKeyRequired _,
                    Refusal.Unforeseen _ ->
                    Ending.REFUSED;
        };
    }

    /// A client's patience that remembers whether it ran out: an exchange that fails then is nobody's fault.
    private static final class Farewell implements Patience {
        private final Patience client;
        private final AtomicBoolean left = new AtomicBoolean();

        Farewell(Patience client) {
            this.client = client;
        }

        boolean left() {
            return left.get();
        }

        @Override
        public Departure departure() {
            return client.departure();
        }

        @Override
        public Watch watch(Runnable onLeave) {
            return client.watch(() -> {
                left.set(true);
                onLeave.run();
            });
        }
    }
}
