package dev.martlet.telemetry;

import dev.martlet.ChannelCondition;
import dev.martlet.ChannelStates;
import dev.martlet.Condition;
import dev.martlet.Lane;
import dev.martlet.RoutingPolicy.Strategy;

import java.util.List;
import java.util.Optional;

/// The upstreams of the catalog in force, as routing sees them now.
public interface Upstreams {
    /// The services of the pool.
    List<Condition> services();

    /// The names of the services that callers choose from, in alphabetical order.
    List<String> namedServices();

    /// The channels in numbers: cheap, for whoever asks often.
    List<ChannelStates> channels();

    /// The channels with each of their keys.
    List<ChannelCondition> keys();

    /// How many attempts are under way in a lane.
    int inLane(Lane lane);

    /// How many may be; 0 for any number.
    int placesInLane(Lane lane);

    /// How the keys of a channel take turns.
    Strategy strategy();

    /// Whether the configuration has this name of a model in full.
    boolean isNamed(String model);

    /// A model for an example: one that the configuration has in full.
    Optional<String> exampleModel();
}
