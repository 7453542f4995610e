package dev.martlet.config;

import dev.martlet.Fields;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is said of a service.
///
/// @param host empty when nobody said it
record ServiceTerms(
        List<Address> host,
        String basePath,
        Optional<Duration> time,
        int retries,
        List<String> retryMethods,
        Fields defaults,
        boolean fallback,
        Optional<Long> limit) {
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

    static final ServiceTerms STANDARD =
            new ServiceTerms(
                    List.of(),
                    "",
                    Optional.empty(),
                    1,
                    List.of("GET", "HEAD", "OPTIONS"),
                    Fields.NONE,
                    true,
                    Optional.empty());

    private static final String TABLE = "services.yaml";

    /// The services that are there without being configured.
    static final Map<String, ServiceTerms> BUILT_IN = builtIn();

    /// The table is part of the program: a mistake in it is a bug.
    private static Map<String, ServiceTerms> builtIn() {
        Findings findings = new Findings();
        Variables nothing = Variables.read(Map.of(), Optional.empty(), findings);
        Section root = YamlFile.builtIn(TABLE, new Reading(TABLE, nothing, findings));
        Section services = root.section("services");
        Map<String, ServiceTerms> table = new LinkedHashMap<>();
        for (String name : services.names()) {
            table.put(name, read(services.section(name), Optional.empty(), STANDARD));
        }
        root.refuseUnknown();
        try {
            findings.refuse();
        } catch (ConfigInvalid invalid) {
            throw new IllegalStateException(invalid.problems().toString(), invalid);
        }
        return table;
    }

    /// @param base what holds where nothing is written
    static ServiceTerms read(Section yaml, Optional<ProxyConfig.Entry> json, ServiceTerms base) {
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
        return new ServiceTerms(host, basePath, time, never ? 0 : retries, retryMethods, defaults, fallback, limit);
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
            boolean written = json.filter(one -> one.has("host")).isPresent();
            boolean missing = host.offer().isSilent() && base.isEmpty() && !written;
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
