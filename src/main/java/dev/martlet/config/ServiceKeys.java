package dev.martlet.config;

import dev.martlet.Lanes;
import dev.martlet.NamedService;
import dev.martlet.Service;
import dev.martlet.Services;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The section `services`, field by field over `PROXY_CONFIG`, over the table of those that are built in.
final class ServiceKeys {
    /// Only those who moved from seed 001 have these: to them the services are known.
    private static final List<String> ITS_VARIABLES =
            List.of(
                    ProxyConfig.VARIABLE,
                    "DEFAULT_TIMEOUT",
                    "BACKGROUND_TIMEOUT",
                    "MAX_RESPONSE_SIZE",
                    "ENABLE_RETRY",
                    "ENABLE_FALLBACK",
                    "ALLOWED_ORIGIN");

    private static final String NAMES = "1 to 64 letters, digits and characters of . _ -, and not health";

    private final Section services;
    private final ProxyConfig json;
    private final Timeouts timeouts;
    private final Proxies proxies;
    private final boolean forAll;

    private ServiceKeys(Section root, Reading reading, Proxies proxies, Duration stream) {
        this.services = root.section("services");
        this.json = ProxyConfig.read(reading);
        this.proxies = proxies;
        this.timeouts = new Timeouts(Duration.ofSeconds(5), LaneKeys.LONGEST, Duration.ofMinutes(2), stream);
        boolean written = root.value("services").filter(value -> !value.isEmpty()).isPresent();
        this.forAll = written || ITS_VARIABLES.stream().anyMatch(name -> reading.variables().find(name).isPresent());
    }

    /// @param stream the longest answer, once it flows
    static Services read(Section root, Reading reading, Proxies proxies, Duration stream) {
        ServiceKeys keys = new ServiceKeys(root, reading, proxies, stream);
        Lanes lanes = LaneKeys.read(root.section("lanes"));
        reading.findings().value("services", List.of(keys.forAll));
        return new Services(keys.all(reading), lanes, keys.forAll);
    }

    private Map<String, NamedService> all(Reading reading) {
        Map<String, NamedService> all = new TreeMap<>();
        ServiceTerms.BUILT_IN.forEach((name, terms) ->
                all.put(name, named(name, terms, proxies.towardBuiltIn(terms.host().getFirst(), forAll))));
        Set<String> written = new TreeSet<>(services.names());
        written.addAll(json.names());
        for (String name : written) {
            if (!isName(name)) {
                refuseName(name, reading);
                continue;
            }
            ServiceTerms terms =
                    ServiceTerms.read(
                            services.section(name),
                            json.entry(name),
                            ServiceTerms.BUILT_IN.getOrDefault(name, ServiceTerms.STANDARD));
            String path = services.section(name).path();
            reading.findings().value(path, List.of());
            if (!terms.host().isEmpty()) {
                all.put(name, named(name, terms, proxies.toward(path, terms.host().getFirst())));
            }
        }
        return all;
    }

    private static boolean isName(String name) {
        return name.matches("[A-Za-z0-9._-]{1,64}") && !name.equals("health") && !name.matches("\\.{1,2}");
    }

    private void refuseName(String name, Reading reading) {
        Place place =
                services.value(name)
                        .map(Value::place)
                        .or(() -> json.entry(name).map(ProxyConfig.Entry::place))
                        .orElse(Place.ENVIRONMENT);
        reading.findings().problem(place, Quote.ofKey(name) + " is no name for a service; allowed " + NAMES);
    }

    private NamedService named(String name, ServiceTerms terms, Optional<URI> proxy) {
        Address address = terms.host().getFirst();
        Target target =
                new Target(
                        address.tls(),
                        address.host(),
                        address.portOrStandard(),
                        address.basePath() + terms.basePath(),
                        Trust.PUBLIC,
                        proxy,
                        timeouts);
        return new NamedService(
                new Service(name, target),
                terms.time(),
                terms.retries(),
                Set.copyOf(terms.retryMethods()),
                terms.defaults(),
                terms.fallback(),
                terms.limit().map(OptionalLong::of).orElseGet(OptionalLong::empty));
    }
}
