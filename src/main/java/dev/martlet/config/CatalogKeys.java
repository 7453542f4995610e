package dev.martlet.config;

import dev.martlet.Catalog;
import dev.martlet.Channel;
import dev.martlet.Channels;
import dev.martlet.RoutingPolicy;
import dev.martlet.RoutingPolicy.Strategy;
import dev.martlet.Service;
import dev.martlet.Services;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Everything that may change while Martlet runs: the pool of the transparent surface, services, channels, routing, CORS.
final class CatalogKeys {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofMinutes(2);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration BRIEF = Duration.ofMillis(10);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final Kind<Duration> STREAM = Kind.time(SECOND, Duration.ofDays(30));
    private static final Kind<Integer> SHARE = Kind.percent();
    private static final Kind<Integer> FAILURES = Kind.whole(1, 1_000);

    private static final Kind<Strategy> STRATEGY = Kind.word(Strategy.class);
    private static final Kind<Integer> ATTEMPTS = Kind.whole(1, 20);
    private static final Kind<Required> REQUIRED = Kind.word(Required.class);

    /// From when on callers have to say who they are.
    private enum Required {
        /// From the moment on at which a client has existed; until then channels' own keys serve this machine only.
        AUTO,
        ALWAYS,
        NEVER
    }

    private CatalogKeys() {}

    static Catalog read(Section root, Reading reading, String poolHint) {
        Proxies proxies = Proxies.of(reading.variables(), reading.findings());
        List<String> origins = origins(root.section("server").section("cors"));
        List<Address> addresses = addresses(root.section("transparent"));
        Timeouts timeouts = timeouts(root.section("transparent"), root.section("server").section("timeouts"));
        List<Service> pool = pool(addresses, proxies, timeouts);
        Services services = ServiceKeys.read(root, reading, proxies, timeouts.total());
        Set<String> names = new HashSet<>();
        List<Channel> list = new ArrayList<>(ChannelKeys.readAll(root, proxies, names));
        list.addAll(SeedChannels.read(names, reading, proxies));
        RoutingPolicy routing = routing(root.section("routing"));
        Channels channels = OtherNames.read(root, list);
        boolean keysForAll = clients(root.section("clients")) == Required.NEVER;
        return new Catalog(pool, poolHint, routing, origins, channels, services, keysForAll);
    }

    private static Required clients(Section clients) {
        Setting<Required> required = clients.setting("required", REQUIRED);
        required.refuse(Required.ALWAYS::equals, "is not part of this version", "auto, never");
        return required.value(Required.AUTO);
    }

    private static List<String> origins(Section cors) {
        List<String> origins =
                cors.list("origins", Address.ORIGIN, Count.ANY_BUT_NONE)
                        .orListed(Address.ORIGIN, "ALLOWED_ORIGIN", "CORS_ORIGIN")
                        .values(List.of("*"));
        return origins.contains("*") ? List.of("*") : origins.stream().distinct().toList();
    }

    private static List<Address> addresses(Section transparent) {
        return transparent
                .list("services", Address.SERVICE, Count.ANY_BUT_ONE)
                .orTogether(Address.SERVICE, "SERVICE_1", "SERVICE_2")
                .values(List.of());
    }

    private static List<Service> pool(List<Address> addresses, Proxies proxies, Timeouts timeouts) {
        return IntStream.range(0, addresses.size())
                .mapToObj(i -> service("service-" + (i + 1), addresses.get(i), timeouts, proxies))
                .toList();
    }

    private static Timeouts timeouts(Section transparent, Section server) {
        Duration firstByte =
                transparent
                        .setting("timeout", Kind.time(BRIEF, LONGEST))
                        .or(Kind.millis(BRIEF, LONGEST), "TIMEOUT_MS")
                        .value(Duration.ofMinutes(10));
        Duration stream = server.setting("stream", STREAM).value(Duration.ofHours(1));
        return new Timeouts(CONNECT, firstByte, IDLE, stream);
    }

    private static Service service(String name, Address address, Timeouts timeouts, Proxies proxies) {
        Target target =
                new Target(
                        address.tls(),
                        address.host(),
                        address.portOrStandard(),
                        address.basePath(),
                        Trust.PUBLIC,
                        proxies.toward(name, address),
                        timeouts);
        return new Service(name, target);
    }

    private static RoutingPolicy routing(Section routing) {
        Strategy strategy =
                routing.setting("strategy", STRATEGY).or(STRATEGY, "LOAD_BALANCE_STRATEGY").value(Strategy.ROUND_ROBIN);
        int attempts = routing.setting("attempts", ATTEMPTS).value(RoutingPolicy.ATTEMPTS);
        int share = routing.setting("retry-budget", SHARE).value(RoutingPolicy.RETRY_PERCENT);
        Section breaker = routing.section("breaker");
        int failures = breaker.setting("failures", FAILURES).or(FAILURES, "CIRCUIT_BREAKER_FAILURE_THRESHOLD").value(3);
        Duration open =
                breaker.setting("open", Kind.time(SECOND, LONGEST))
                        .or(Kind.millis(SECOND, LONGEST), "CIRCUIT_BREAKER_RESET_TIMEOUT")
                        .value(Duration.ofSeconds(60));
        return new RoutingPolicy(failures, open, share, strategy, attempts);
    }
}
