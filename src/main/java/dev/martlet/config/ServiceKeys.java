package dev.martlet.config;

import dev.martlet.Fields;
import dev.martlet.Lanes;
import dev.martlet.NamedService;
import dev.martlet.Service;
import dev.martlet.Services;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The section `services`, field by field over `PROXY_CONFIG`, over the table of those that are built in.
final class ServiceKeys {
    private static final String TABLE = "services.yaml";

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

    private static final Kind<Address> HOST =
            new Kind<>(
                    "the name of a host, perhaps with port, reached by https; or its http:// or https:// URL, without"
                            + " user, query and fragment",
                    text -> Address.SERVICE.read(text.contains("://") ? text : "https://" + text));

    private static final Kind<String> BASE_PATH =
            new Kind<>(
                    "a path of letters, digits and -._~!$&'()*+,;=:@%/, without segments of dots",
                    text ->
                            Address.SERVICE
                                    .read("https://host/" + text.replaceFirst("^/+", ""))
                                    .map(Address::basePath));

    private static final Kind<Boolean> TRUTH = Kind.truth();
    private static final Kind<Optional<Duration>> TIME = Kind.orWord("lane", LaneKeys.TIME);
    private static final Kind<Optional<Duration>> MILLIS = LaneKeys.MILLIS.map(Optional::of);
    private static final Kind<Optional<Long>> LIMIT = Kind.orWord("lane", LaneKeys.LIMIT);
    private static final Kind<Optional<Long>> BYTES = LaneKeys.LIMIT.map(Optional::of);
    private static final Kind<Integer> RETRIES = Kind.whole(0, 20);
    private static final Set<String> KNOWN_METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");
    private static final Kind<String> METHOD =
            new Kind<>(
                    "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE",
                    text -> Optional.of(text.toUpperCase(Locale.ROOT)).filter(KNOWN_METHODS::contains));

    /// What is said of a service.
    ///
    /// @param host empty when nobody said it
    private record Terms(
            List<Address> host,
            String basePath,
            Optional<Duration> time,
            int retries,
            List<String> retryMethods,
            Fields defaults,
            boolean fallback,
            Optional<Long> limit) {
        private static final Terms STANDARD =
                new Terms(
                        List.of(),
                        "",
                        Optional.empty(),
                        1,
                        List.of("GET", "HEAD", "OPTIONS"),
                        Fields.NONE,
                        true,
                        Optional.empty());
    }

    private static final Map<String, Terms> BUILT_IN = builtIn();

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
        return new Services(keys.all(reading), lanes, keys.forAll);
    }

    private Map<String, NamedService> all(Reading reading) {
        Map<String, NamedService> all = new TreeMap<>();
        BUILT_IN.forEach((name, terms) ->
                all.put(name, named(name, terms, proxies.towardBuiltIn(terms.host().getFirst(), forAll))));
        Set<String> written = new TreeSet<>(services.names());
        written.addAll(json.names());
        for (String name : written) {
            if (!isName(name)) {
                refuseName(name, reading);
                continue;
            }
            Terms terms = terms(services.section(name), json.entry(name), BUILT_IN.getOrDefault(name, Terms.STANDARD));
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

    /// The table is part of the program: a mistake in it is a bug.
    private static Map<String, Terms> builtIn() {
        Findings findings = new Findings();
        Variables nothing = Variables.read(Map.of(), Optional.empty(), findings);
        Section root = YamlFile.builtIn(TABLE, new Reading(TABLE, nothing, findings));
        Section services = root.section("services");
        Map<String, Terms> table = new LinkedHashMap<>();
        for (String name : services.names()) {
            table.put(name, terms(services.section(name), Optional.empty(), Terms.STANDARD));
        }
        root.refuseUnknown();
        try {
            findings.refuse();
        } catch (ConfigInvalid invalid) {
            throw new IllegalStateException(invalid.problems().toString(), invalid);
        }
        return table;
    }

    private static Terms terms(Section yaml, Optional<ProxyConfig.Entry> json, Terms base) {
        Entry entry = new Entry(yaml, json);
        List<Address> host = entry.host(base.host());
        String basePath = entry.setting("base-path", BASE_PATH, "basePath", BASE_PATH).value(base.basePath());
        Optional<Duration> time = entry.setting("timeout", TIME, "timeout", MILLIS).value(base.time());
        int retries = entry.setting("max-retries", RETRIES, "maxRetries", RETRIES).value(base.retries());
        Setting<String> methods = entry.list("retry-methods", METHOD, "retryableMethods");
        List<String> retryMethods = methods.values(base.retryMethods());
        Fields defaults = entry.headers("default-headers", "defaultHeaders").orElse(base.defaults());
        entry.noteStreaming();
        boolean fallback = entry.setting("fallback", TRUTH, "allowFallback", TRUTH).value(base.fallback());
        Optional<Long> limit = entry.setting("response-limit", LIMIT, "maxResponseSize", BYTES).value(base.limit());
        json.ifPresent(ProxyConfig.Entry::noteUnasked);
        boolean never =
                methods.offer().isSilent() && json.filter(one -> one.isEmptyArray("retryableMethods")).isPresent();
        return new Terms(host, basePath, time, never ? 0 : retries, retryMethods, defaults, fallback, limit);
    }

    private NamedService named(String name, Terms terms, Optional<URI> proxy) {
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

    /// What is written of a service, in the file, in the variable, or in both.
    private record Entry(Section yaml, Optional<ProxyConfig.Entry> json) {
        <T> Setting<T> setting(String key, Kind<T> kind, String field, Kind<T> fieldKind) {
            return yaml.setting(key, kind).or(json.map(one -> one.offer(field, fieldKind)));
        }

        <T> Setting<T> list(String key, Kind<T> kind, String field) {
            return yaml.list(key, kind, Count.ANY_BUT_NONE).or(json.map(one -> one.offers(field, kind)));
        }

        List<Address> host(List<Address> base) {
            Setting<Address> host = setting("host", HOST, "host", HOST);
            boolean missing = host.offer().isSilent() && base.isEmpty();
            if (missing) json.ifPresentOrElse(one -> one.miss("host", HOST), () -> yaml.required("host", HOST));
            return host.values(base);
        }

        /// Empty when none are written.
        Optional<Fields> headers(String key, String field) {
            Section section = yaml.secrets(key);
            Map<String, Setting<String>> lines = new LinkedHashMap<>();
            section.names().forEach(name -> lines.put(name, section.setting(name, Additions.HEADER)));
            json.map(one -> one.members(field, Additions.HEADER))
                    .filter(_ -> lines.isEmpty())
                    .ifPresent(members ->
                            members.forEach((name, offer) ->
                                    lines.put(
                                            name,
                                            new Setting<>(section.reading(), section.path() + "." + name, offer))));
            return lines.isEmpty() ? Optional.empty() : Optional.of(Additions.headers(lines));
        }

        /// For the seed's users: streams pass anyway.
        void noteStreaming() {
            Setting<Boolean> streaming = setting("streaming", TRUTH, "supportsStreaming", TRUTH);
            if (streaming.value(true)) return;
            yaml.reading().findings().remark(yaml.path() + ".streaming has no effect: streams always pass");
        }
    }
}
