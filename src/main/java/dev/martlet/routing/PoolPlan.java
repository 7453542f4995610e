package dev.martlet.routing;

import dev.martlet.Catalog;
import dev.martlet.Halt;
import dev.martlet.LeftOut;
import dev.martlet.Service;
import dev.martlet.Signal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The walk of a raw call over the services of the pool, each once.
final class PoolPlan extends Plan {
    private final Router router;
    private final Catalog catalog;
    private final List<Service> order;
    private int position;
    private boolean tried;

    /// @param order the services that are not left out
    PoolPlan(Router router, Catalog catalog, List<Service> order, Retries retries) {
        super(retries);
        this.router = router;
        this.catalog = catalog;
        this.order = List.copyOf(order);
    }

    /// A service that has been shut out since is passed over; the only one that remains is not, when nothing was tried.
    @Override
    public Optional<Lease> next() {
        while (position < order.size()) {
            Service service = order.get(position++);
            boolean nothingElse = position == order.size() && !tried;
            Optional<Lease> lease = router.lease(service, catalog.routing(), nothingElse);
            if (lease.isEmpty()) continue;
            tried = true;
            return lease;
        }
        return Optional.empty();
    }

    /// Raw calls go on when nothing was sent, when there is no answer, and on a 5xx; the last one's own answer is delivered
    /// whatever its status.
    @Override
    public Verdict judge(Lease lease, Signal signal, Again again) {
        retries.answered();
        Repeat repeat = repeat(signal);
        if (repeat == Repeat.NEVER) return last(signal);
        Optional<Service> coming = rest().stream().filter(router::admits).findFirst();
        if (coming.isEmpty()) return last(signal);
        boolean mayFollow = again == Again.FREELY || (repeat == Repeat.ALWAYS && again == Again.UNTOUCHED);
        if (!mayFollow) return halted(Halt.NOT_REPLAYABLE, signal);
        if (!retries.grant(router.isFailing(coming.get()))) return halted(Halt.RETRY_BUDGET, signal);
        return Verdict.NEXT;
    }

    private static Repeat repeat(Signal signal) {
        if (signal instanceof Signal.Unreachable) return Repeat.ALWAYS; // nothing was sent
        return switch (signal.health()) {
            case WELL -> Repeat.NEVER;
            case SICK -> Repeat.IF_REPLAYABLE;
            case UNKNOWN -> Repeat.ALWAYS;
        };
    }

    private Verdict halted(Halt why, Signal signal) {
        halt(why);
        return last(signal);
    }

    /// For an attempt that none may follow: the call ends with what it has.
    private static Verdict last(Signal signal) {
        boolean answer = signal.health() == Signal.Health.WELL || signal instanceof Signal.Failed;
        return answer ? Verdict.DELIVER : Verdict.GIVE_UP;
    }

    /// Those that were not tried yet, in their order.
    List<Service> rest() {
        return order.subList(position, order.size());
    }

    /// The services whose breaker was open when the plan was made.
    @Override
    public List<LeftOut> leftOut() {
        return catalog.pool().stream()
                .filter(service -> !order.contains(service))
                .map(service -> new LeftOut(service.name(), "breaker open"))
                .toList();
    }

    @Override
    public Optional<Duration> reopens() {
        return router.reopens(catalog);
    }

    /// A raw call gets a 429 as it came.
    @Override
    public boolean throttled() {
        return false;
    }

    /// A raw call asks for no model.
    @Override
    public boolean modelUnknown() {
        return false;
    }
}
