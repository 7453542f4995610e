package dev.martlet.app;

import dev.martlet.Catalog;
import dev.martlet.ChannelCondition;
import dev.martlet.ChannelStates;
import dev.martlet.Condition;
import dev.martlet.Lane;
import dev.martlet.RoutingPolicy.Strategy;
import dev.martlet.routing.Router;
import dev.martlet.telemetry.Upstreams;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What a router knows of the upstreams of the catalog in force.
record RoutedUpstreams(Router router, Supplier<Catalog> catalogs) implements Upstreams {
    @Override
    public List<Condition> services() {
        return router.conditions(catalogs.get());
    }

    @Override
    public List<String> namedServices() {
        return List.copyOf(catalogs.get().services().names());
    }

    @Override
    public List<ChannelStates> channels() {
        return router.states(catalogs.get());
    }

    @Override
    public List<ChannelCondition> keys() {
        return router.channels(catalogs.get());
    }

    @Override
    public int inLane(Lane lane) {
        return router.held(lane);
    }

    @Override
    public int placesInLane(Lane lane) {
        return catalogs.get().services().lanes().places(lane);
    }

    @Override
    public Strategy strategy() {
        return catalogs.get().routing().strategy();
    }

    @Override
    public boolean isNamed(String model) {
        return catalogs.get().channels().isNamed(model);
    }

    @Override
    public Optional<String> exampleModel() {
        return catalogs.get().channels().example();
    }
}
