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
        if (RawRuling.isFinal(signal)) return RawRuling.last(signal);
        Optional<Service> coming = rest().stream().filter(router::admits).findFirst();
        if (coming.isEmpty()) return RawRuling.last(signal);
        if (!RawRuling.mayFollow(signal, again)) return halted(Halt.NOT_REPLAYABLE, signal);
        if (!retries.grant(router.isFailing(coming.get()))) return halted(Halt.RETRY_BUDGET, signal);
        return Verdict.NEXT;
    }

    private Verdict halted(Halt why, Signal signal) {
        halt(why);
        return RawRuling.last(signal);
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
}
