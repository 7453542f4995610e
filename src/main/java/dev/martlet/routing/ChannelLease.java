package dev.martlet.routing;

import dev.martlet.Dialect;
import dev.martlet.RoutingPolicy;
import dev.martlet.Signal;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/// An attempt on a channel with one key: the memory of the table of `product.md`, section 4, "Judge".
final class ChannelLease extends Lease {
    private static final System.Logger LOG = System.getLogger("martlet.routing");

    private final Candidate candidate;
    private final RoutingPolicy policy;
    private final KeyMemory.Entry entry;

    ChannelLease(Candidate candidate, Dialect dialect, RoutingPolicy policy, KeyMemory.Entry entry) {
        super(
                new Attempt.OfChannel(
                        candidate.route().channel(), candidate.slot().key(), candidate.route().model(), dialect));
        this.candidate = candidate;
        this.policy = policy;
        this.entry = entry;
    }

    Candidate candidate() {
        return candidate;
    }

    @Override
    public void answered() {
        key().answered(entry);
    }

    @Override
    public void learn(Signal signal) {
        switch (signal) {
            case Signal.Good _, Signal.Refused _ -> succeeded();
            case Signal.Failed _, Signal.Unreachable _, Signal.Broken _, Signal.Nonsense _ -> failed();
            case Signal.Throttled(Optional<Duration> pause, boolean quotaGone) -> {
                if (quotaGone) key().rest(pause);
                else key().cool(pause);
            }
            case Signal.KeyRefused(int status) -> retire(status);
            case Signal.KeyForbidden _ -> key().restModel(candidate.route().model());
            case Signal.ModelUnknown _ -> missModel();
            case Signal.Postponed _, Signal.Busy _, Signal.Unfit _ -> key().passed();
        }
    }

    /// To callers who may not use a model providers say that there is none: of their keys that holds for one.
    private void missModel() {
        if (candidate.route().channel().takesCallersKeys()) {
            key().restModel(candidate.route().model());
            return;
        }
        key().passed();
        candidate.route().memory().models().add(candidate.route().model());
    }

    /// A key of ours that is refused needs its operator; one of a caller is the caller's.
    private void retire(int status) {
        boolean news = key().die();
        if (!news || candidate.route().channel().takesCallersKeys()) return;
        LOG.log(
                Level.WARNING,
                "channel {0}: its provider refused the key {1} with {2}; it is not used until it is changed, or the"
                        + " channel''s url or auth",
                candidate.route().channel().name(),
                candidate.slot().key().name(),
                status);
    }

    @Override
    void succeeded() {
        candidate.route().memory().share().add(true);
        key().succeeded(entry);
    }

    @Override
    void failed() {
        if (!entry.probe()) candidate.route().memory().share().add(false);
        key().failed(policy, entry);
    }

    @Override
    void leave() {
        candidate.route().memory().compartment().leave();
        key().leave(entry);
    }

    private KeyMemory key() {
        return candidate.slot().memory();
    }
}
