package dev.martlet.routing;

import dev.martlet.Asked;
import dev.martlet.Caller;
import dev.martlet.Catalog;
import dev.martlet.Channels;
import dev.martlet.Dialect;
import dev.martlet.LeftOut;
import dev.martlet.Operation;
import dev.martlet.RoutingPolicy;
import dev.martlet.RoutingPolicy.Strategy;
import dev.martlet.Secret;
import dev.martlet.Services;
import dev.martlet.Signal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Channels, a router that knows them, and a clock that stands still until it is set.
final class World {
    static final Signal GOOD = new Signal.Good(200);
    static final Caller ANYBODY = new Caller(true, List.of());

    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // a clock that wraps around, as System.nanoTime may
    final Router router = new Router(new Random(1), nanos::get, 1000);
    Strategy strategy = Strategy.ROUND_ROBIN;
    int failures = 3;
    int attempts = 3;
    Map<String, String> aliases = Map.of();
    Map<String, List<String>> fallbacks = Map.of();
    private Catalog catalog;

    World(Given... channels) {
        catalog = catalog(Channels.NONE);
        configure(channels);
    }

    /// Puts another configuration in force.
    World configure(Given... channels) {
        catalog = catalog(new Channels(Stream.of(channels).map(Given::made).toList(), aliases, fallbacks));
        return this;
    }

    private Catalog catalog(Channels channels) {
        RoutingPolicy policy = new RoutingPolicy(failures, Duration.ofSeconds(60), 20, strategy, attempts);
        return new Catalog(List.of(), "", policy, List.of(), channels, Services.NONE, true);
    }

    Catalog catalog() {
        return catalog(catalog.channels());
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    Plan plan() {
        return plan("m", ANYBODY);
    }

    Plan plan(String model, Caller caller) {
        return router.plan(catalog(), asked(model, OptionalLong.empty()), caller);
    }

    Plan plan(long affinity) {
        return router.plan(catalog(), asked("m", OptionalLong.of(affinity)), ANYBODY);
    }

    static Asked asked(String model, OptionalLong affinity) {
        Operation chat = Operation.ofOpenAi("/chat/completions").orElseThrow();
        return new Asked(List.of(Dialect.OPENAI), chat, model, false, affinity);
    }

    static Caller with(String... keys) {
        return new Caller(false, Stream.of(keys).map(Secret::new).toList());
    }

    /// Who answers a call when all is well.
    String answerer() {
        return call(GOOD).getFirst();
    }

    /// Makes a call whose attempts report these signals in turn, the last of them ever after; says who was asked.
    List<String> call(Signal... signals) {
        return call(plan(), signals);
    }

    static List<String> call(Plan plan, Signal... signals) {
        List<String> asked = new ArrayList<>();
        try (plan) {
            Verdict verdict = Verdict.NEXT;
            for (Optional<Lease> place = plan.next(); place.isPresent(); place = plan.next()) {
                try (Lease lease = place.get()) {
                    if (verdict != Verdict.NEXT) throw new AssertionError(asked + " was " + verdict);
                    Signal signal = signals[Math.min(asked.size(), signals.length - 1)];
                    asked.add(lease.attempt().name());
                    verdict = plan.judge(lease, signal, Again.FREELY);
                    lease.learn(signal);
                }
            }
        }
        return asked;
    }

    List<String> leftOut() {
        return texts(plan().leftOut());
    }

    static List<String> texts(List<LeftOut> leftOut) {
        return leftOut.stream().map(one -> one.name() + ": " + one.why()).toList();
    }
}
