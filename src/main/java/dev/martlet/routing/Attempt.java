package dev.martlet.routing;

import dev.martlet.Channel;
import dev.martlet.Dialect;
import dev.martlet.Key;
import dev.martlet.Lane;
import dev.martlet.NamedService;
import dev.martlet.Service;
import dev.martlet.Target;

/// One exchange that a call is to be given: with whom, and with what.
public sealed interface Attempt {
    /// For logs and trails; never an address or a credential.
    String name();

    /// Where it goes.
    Target target();

    /// With a service of the pool.
    record OfService(Service service) implements Attempt {
        @Override
        public String name() {
            return service.name();
        }

        @Override
        public Target target() {
            return service.target();
        }
    }

    /// With a service that the caller named.
    ///
    /// @param target of the service, with as much time as is left in the lane
    record InLane(NamedService service, Lane lane, Target target) implements Attempt {
        @Override
        public String name() {
            return service.name();
        }
    }

    /// With a channel and one of the keys for it.
    ///
    /// @param model   what the model is called there
    /// @param dialect what is spoken there
    record OfChannel(Channel channel, Key key, String model, Dialect dialect) implements Attempt {
        @Override
        public String name() {
            return channel.name() + "/" + key.name();
        }

        @Override
        public Target target() {
            Target target = channel.targets().get(dialect);
            if (target == null) throw new IllegalStateException(name() + " does not speak " + dialect.word());
            return target;
        }
    }
}
