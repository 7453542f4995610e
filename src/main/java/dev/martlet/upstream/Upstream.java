package dev.martlet.upstream;

import dev.martlet.Body;
import dev.martlet.Deadline;
import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Target;

import java.util.Optional;

/// The way to providers: every byte to one goes through here.
///
/// An exchange uses a connection at rest if there is one. When such a connection turns out to be dead (it ends at once and
/// without a byte of an answer), the request is sent once more on a fresh one, if its body can be sent again: the peer
/// closed while the request was on its way (RFC 9112, section 9.3.1).
public final class Upstream implements AutoCloseable {

    /// What to send.
    ///
    /// @param path   path and query, appended to the target's base path
    /// @param fields end-to-end fields; `Host` and framing are added
    public record Request(String method, String path, Fields fields, Body body) {}

    private final UpstreamSettings settings;
    private final Watchdog watchdog = new Watchdog();
    private final Patrol patrol = new Patrol(watchdog);
    private final Pool pool;
    private final Connector connector;

    public Upstream(UpstreamSettings settings) {
        this(settings, Connector::systemLookup);
    }

    Upstream(UpstreamSettings settings, Resolver.Lookup lookup) {
        this.settings = settings;
        this.pool = new Pool(settings, watchdog);
        this.connector = new Connector(settings, new Resolver(lookup, settings.addressTime()), watchdog);
    }

    /// Sends a request and waits for the head of its answer.
    ///
    /// @param patience of the client on whose behalf this is; when it leaves, the exchange fails
    /// @throws ExchangeFailed if there is no answer; its signal says whether anything was sent
    public Exchange send(Target target, Request request, Patience patience) throws ExchangeFailed {
        Exchange.House house =
                new Exchange.House(settings, pool, patrol, patience, Deadline.in(target.timeouts().exchange()));
        Optional<Connection> rested = pool.take(Origin.of(target));
        if (rested.isPresent()) {
            Exchange exchange = new Exchange(rested.get(), target, house);
            try {
                return exchange.begun(request);
            } catch (ExchangeFailed e) {
                boolean again = exchange.wasDead() && request.body().replayable();
                if (!again) throw e;
            }
        }
        return new Exchange(connector.connect(target, patience), target, house).begun(request);
    }

    /// How many connections rest.
    public int resting() {
        return pool.size();
    }

    @Override
    public void close() {
        pool.close();
        watchdog.stop();
    }
}
