package dev.martlet.config;

import dev.martlet.Network;
import dev.martlet.server.ServerSettings;
import dev.martlet.server.ServerSettings.Allowance;
import dev.martlet.server.ServerSettings.Certificate;
import dev.martlet.server.ServerSettings.Limits;
import dev.martlet.server.ServerSettings.Listen;
import dev.martlet.server.ServerSettings.Times;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The section `server`, as far as it is fixed while Martlet runs.
final class ServerKeys {
    private static final Kind<Integer> PORT = Kind.whole(0, 65_535);
    private static final Pattern ADDRESS = Pattern.compile("(\\[[^\\[\\]]*]|[^\\[\\]:]+):([0-9]{1,5})");
    private static final Kind<Optional<Listen>> ADMIN =
            Kind.orWord(
                    "", new Kind<>("an address with a port, such as 127.0.0.1:8081 or [::1]:8081", ServerKeys::listen));

    private static final Kind<Long> HEADER = Kind.size(1 << 10, 1 << 20);
    private static final Kind<Integer> HEADERS = Kind.whole(10, 1_000);
    private static final long BODY_LEAST = 1 << 10;
    private static final long BODY_MOST = 1 << 30;
    private static final Kind<Long> REQUEST_BODY = Kind.size(BODY_LEAST, BODY_MOST);
    private static final Kind<Long> SEED_SIZE = Kind.seedSize(BODY_LEAST, BODY_MOST);
    private static final Kind<Long> UPLOAD = Kind.size(1 << 10, 64L << 30);
    private static final Kind<Optional<Integer>> MANY = Kind.orWord("auto", Kind.whole(1, 1_000_000));
    private static final Kind<Optional<Long>> BUFFERED = Kind.orWord("auto", Kind.size(1 << 20, 1L << 40));

    private static final Duration DAY = Duration.ofDays(1);
    private static final Kind<Duration> BRIEF_TIME = Kind.time(Duration.ofMillis(100), Duration.ofHours(1));
    private static final Kind<Duration> BODY_TIME = Kind.time(Duration.ofMillis(100), DAY);
    private static final Kind<Duration> DRAIN_TIME = Kind.time(Duration.ZERO, DAY);

    private static final Kind<Integer> REQUESTS = Kind.whole(0, 1_000_000);
    private static final int SEED_REQUESTS = 100;
    private static final Duration SECOND = Duration.ofSeconds(1);

    private ServerKeys() {}

    static ServerSettings read(Section server) {
        // In the order of the sample: it is the order in which the keys that are allowed are named.
        ServerSettings standard = ServerSettings.standard();
        Listen listen = listen(server, standard.listen());
        Optional<Certificate> tls = TlsKeys.read(server.section("tls"));
        Optional<Listen> admin = server.setting("admin-listen", ADMIN).value(standard.admin());
        List<Network> proxies =
                server.list("trusted-proxies", Host.NETWORK, Count.ANY).values(standard.trustedProxies());
        boolean exposeTrail = server.setting("expose-trail", Kind.truth()).value(standard.exposeTrail());
        Limits limits = limits(server.section("limits"), standard.limits());
        Allowance perAddress = perAddress(server.section("per-address"), standard.perAddress());
        Times times = times(server.section("timeouts"), standard.times());
        return new ServerSettings(listen, admin, tls, proxies, limits, times, perAddress, exposeTrail);
    }

    private static Listen listen(Section server, Listen standard) {
        String host = server.setting("host", Host.KIND).value(standard.host());
        return new Listen(host, server.setting("port", PORT).or(PORT, "PORT").value(standard.port()));
    }

    private static Optional<Listen> listen(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches()) return Optional.empty();
        Optional<String> host = Host.of(text.substring(0, address.end(1)));
        Optional<Integer> port = PORT.read(text.substring(address.start(2)));
        return host.flatMap(name -> port.map(number -> new Listen(name, number)));
    }

    private static Limits limits(Section limits, Limits standard) {
        int headBytes = Math.toIntExact(limits.setting("request-header", HEADER).value((long) standard.headBytes()));
        int headers = limits.setting("headers", HEADERS).value(standard.headers());
        long requestBodyBytes =
                limits.setting("request-body", REQUEST_BODY)
                        .orUnless("BODY_LIMIT_ENABLED", SEED_SIZE, "BODY_LIMIT")
                        .value(standard.requestBodyBytes());
        long uploadBytes = limits.setting("upload", UPLOAD).value(standard.uploadBytes());
        Optional<Integer> connections = limits.setting("connections", MANY).value(Optional.empty());
        Optional<Integer> inFlight = limits.setting("in-flight", MANY).value(Optional.empty());
        Optional<Long> buffered = limits.setting("buffered-bytes", BUFFERED).value(Optional.empty());
        return new Limits(
                headBytes,
                headers,
                requestBodyBytes,
                uploadBytes,
                connections.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                inFlight.map(OptionalInt::of).orElseGet(OptionalInt::empty),
                buffered.map(OptionalLong::of).orElseGet(OptionalLong::empty));
    }

    private static Times times(Section timeouts, Times standard) {
        return new Times(
                timeouts.setting("request-header", BRIEF_TIME).value(standard.head()),
                timeouts.setting("request-body", BODY_TIME).value(standard.body()),
                timeouts.setting("client-write", BRIEF_TIME).value(standard.write()),
                standard.idle(),
                timeouts.setting("restart-drain", DRAIN_TIME).value(standard.restartDrain()),
                timeouts.setting("drain", DRAIN_TIME).value(standard.drain()));
    }

    private static Allowance perAddress(Section perAddress, Allowance standard) {
        return new Allowance(
                perAddress
                        .setting("requests", REQUESTS)
                        .orSwitched("RATE_LIMIT_ENABLED", SEED_REQUESTS, REQUESTS, "RATE_LIMIT_MAX_REQUESTS")
                        .value(standard.requests()),
                perAddress
                        .setting("window", Kind.time(SECOND, DAY))
                        .or(Kind.millis(SECOND, DAY), "RATE_LIMIT_WINDOW_MS")
                        .value(standard.window()));
    }
}
