package dev.martlet.relay;

import dev.martlet.Asked;
import dev.martlet.Call;
import dev.martlet.CallRecord;
import dev.martlet.Caller;
import dev.martlet.Catalog;
import dev.martlet.ChannelCall;
import dev.martlet.ClientLeft;
import dev.martlet.Departure;
import dev.martlet.Dialect;
import dev.martlet.Ending;
import dev.martlet.Fields;
import dev.martlet.LaneChoice;
import dev.martlet.NamedService;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.ServiceCall;
import dev.martlet.Signal;
import dev.martlet.admission.Gate;
import dev.martlet.dialect.Translation;
import dev.martlet.routing.Lease;
import dev.martlet.routing.Plan;
import dev.martlet.routing.Router;
import dev.martlet.routing.Verdict;
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
public final class Relay implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final long LOOKED_AT_BYTES_MAX = 1 << 30;
    private static final Fields JSON = Fields.of("Content-Type", "application/json; charset=utf-8");

    private final Supplier<Catalog> catalogs;
    private final Router router;
    private final Upstream upstream;
    private final ByteBudget memory;
    private final Questions questions;
    private final Consumer<CallRecord> records;
    private final int lookedAtBytesMax;
    private final Pulse pulse = new Pulse(SILENCE);
    private final ChannelErrand.Desk desk;

    /// @param catalogs the catalog in force; a call keeps the one it began with
    /// @param memory   for bodies that are held
    /// @param records  gets one record a call
    public Relay(
            Supplier<Catalog> catalogs,
            Router router,
            Upstream upstream,
            ByteBudget memory,
            RelaySettings settings,
            Consumer<CallRecord> records) {
        this.catalogs = catalogs;
        this.router = router;
        this.upstream = upstream;
        this.memory = memory;
        Intake.Bound bound = new Intake.Bound(settings.requestBodyBytes(), "server.limits.request-body");
        this.questions = new Questions(memory, bound, new Spool(settings.spoolDirectory(), settings.spoolBytes()));
        this.records = records;
        this.lookedAtBytesMax = (int) Math.min(settings.requestBodyBytes(), LOOKED_AT_BYTES_MAX);
        this.desk = new ChannelErrand.Desk(upstream, new Openings(memory, bound, pulse), new UsageRefusers());
    }

    /// Handles a raw call. A client that left is noted and thrown on as [ClientLeft]: nobody is there to be answered.
    public void handle(Call call, Reply reply) {
        tell(call, reply, trail -> forward(call, trail, reply));
    }

    /// Handles a call that is routed by model; a client that left likewise.
    public void handle(ChannelCall asked, Reply reply) {
        tell(asked.call(), reply, trail -> route(asked, trail, reply));
    }

    /// Handles a call to a service that it names; a client that left likewise.
    public void handle(ServiceCall asked, Reply reply) {
        tell(asked.call(), reply, trail -> pass(asked, trail, reply));
    }

    /// Handles a call that is answered here; a client that left likewise.
    ///
    /// @param json the answer, or a [Refused]
    public void handle(Call call, Reply reply, Supplier<byte[]> json) {
        tell(
                call,
                reply,
                trail -> {
                    Told told = new Told(200, "OK", new Content(json.get(), true));
                    trail.ended(Delivery.whole(told, JSON, told.content().bytes(), reply, trail));
                });
    }

    private void forward(Call call, Trail trail, Reply reply) {
        Catalog catalog = catalogs.get();
        if (catalog.pool().size() < 2) throw new Refused(noPool(catalog));
        try (Intake intake = Intake.take(call.body(), memory, trail);
                Plan plan = router.plan(catalog)) {
            run(new RawErrand(call, intake, upstream, trail), plan, trail, reply);
        }
    }

    /// Who has set up something else does not miss a pool: the path is wrong, not the configuration.
    private static Refusal noPool(Catalog catalog) {
        boolean otherwise = !catalog.channels().list().isEmpty() || catalog.services().forAll();
        return otherwise ? new Refusal.NotFound() : new Refusal.NotSetUp(catalog.poolHint());
    }

    private void route(ChannelCall asked, Trail trail, Reply reply) {
        Catalog catalog = catalogs.get();
        Caller caller = Gate.enter(catalog, asked);
        if (asked.trailShown()) trail.show();
        try (Question question = questions.of(asked, trail)) {
            trail.asks(asked.operation(), question.model());
            try (Plan plan = router.plan(catalog, wanted(asked, question), caller)) {
                run(new ChannelErrand(asked, question, desk, trail), plan, trail, reply);
            }
        }
    }

    private void pass(ServiceCall asked, Trail trail, Reply reply) {
        Catalog catalog = catalogs.get();
        Gate.enter(catalog, asked);
        NamedService service =
                catalog.services()
                        .named(asked.service())
                        .orElseThrow(() -> new Refused(new Refusal.ServiceNotFound(asked.service())));
        try (Intake intake = servicesIntake(asked.call(), trail)) {
            LaneChoice choice = LaneRule.choose(asked.call(), intake.bytes());
            trail.chooses(choice);
            try (Plan plan = router.plan(catalog, service, choice.lane())) {
                ServiceErrand.Order order = new ServiceErrand.Order(asked, service, catalog.services().lanes(), intake);
                run(new ServiceErrand(order, upstream, trail), plan, trail, reply);
            }
        }
    }

    /// A body in which the lane is looked up has to be here as a whole, as far as there is memory.
    private Intake servicesIntake(Call call, Trail trail) {
        return LaneRule.asksInBody(call)
                ? Intake.take(call.body(), lookedAtBytesMax, memory, trail)
                : Intake.take(call.body(), memory, trail);
    }

    private static Asked wanted(ChannelCall asked, Question question) {
        List<Dialect> dialects =
                question.translatable()
                        ? Translation.dialects(asked.dialect(), asked.operation().kind())
                        : List.of(asked.dialect());
        return new Asked(dialects, asked.operation(), question.model(), question.stream(), question.affinity());
    }

    /// The frame around every call: whatever happens in it, it is recorded once.
    private void tell(Call call, Reply reply, Consumer<Trail> story) {
        Trail trail = new Trail(call);
        try {
            story.accept(trail);
        } catch (Refused refused) {
            trail.refused(refused.why());
            reply.refuse(refused.why());
        } catch (ClientLeft left) {
            trail.ended(endingOf(left, trail), 499);
            throw left;
        } finally {
            records.accept(trail.record());
        }
    }

    /// Tries one target after the other, until the client has an answer or there is nothing left to try.
    private static void run(Errand errand, Plan plan, Trail trail, Reply reply) {
        for (Optional<Lease> place = plan.next(); place.isPresent(); place = plan.next()) {
            try (Lease lease = place.get()) {
                if (answers(lease, errand, plan, trail, reply)) return;
            }
            pause(plan.pause(), reply.patience());
        }
        throw new Refused(errand.allFailed(plan));
    }

    /// Makes one attempt; true when the client got its answer.
    private static boolean answers(Lease lease, Errand errand, Plan plan, Trail trail, Reply reply) {
        long since = System.nanoTime();
        Farewell client = new Farewell(reply.patience());
        try (Opening opening = errand.open(lease.attempt(), client)) {
            Signal signal = opening.signal();
            trail.add(lease.attempt().name(), signal, since);
            if (!delivers(lease, signal, errand, plan, trail)) return false;
            plan.answered();
            lease.answered();
            errand.answered();
            Ending copied = opening.deliver(reply);
            boolean leftAmid = client.left() && copied != Ending.COMPLETE; // who has it all may go
            Ending ending = leftAmid ? Ending.of(client.departure()) : copied;
            trail.ended(ending);
            if (signal.health() == Signal.Health.WELL) lease.learn(ending);
            else lease.learn(signal);
            return true;
        } catch (ExchangeFailed failed) {
            trail.add(lease.attempt().name(), failed.signal(), since);
            if (client.left()) throw new ClientLeft(client.departure());
            return delivers(lease, failed.signal(), errand, plan, trail);
        }
    }

    /// Whether the client gets this; false when another attempt is due.
    ///
    /// @throws Refused if there is neither
    private static boolean delivers(Lease lease, Signal signal, Errand errand, Plan plan, Trail trail) {
        Verdict verdict = plan.judge(lease, signal, errand.again());
        if (verdict != Verdict.DELIVER) lease.learn(signal);
        plan.halted().map(errand::reason).ifPresent(trail::halted);
        return switch (verdict) {
            case DELIVER -> true;
            case NEXT -> false;
            case GIVE_UP -> throw new Refused(errand.allFailed(plan));
        };
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

    private static Ending endingOf(ClientLeft left, Trail trail) {
        if (left.how() == Departure.CUT) return Ending.KILLED;
        return trail.tried().isEmpty() ? Ending.BODY_CUT : Ending.CLIENT_LEFT_WAITING;
    }

    @Override
    public void close() {
        pulse.close();
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
