package dev.martlet.config;

import dev.martlet.Auth;
import dev.martlet.Channel;
import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Keys;
import dev.martlet.ModelNames;
import dev.martlet.Streaming;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The list `channels`: one entry is one channel, and all of it is checked, whatever is wrong with the rest.
final class ChannelKeys {
    /// The name of a channel or of a key.
    static final Kind<String> NAME =
            Kind.matching(
                    "1 to 64 letters, digits, spaces between them and characters of . _ -",
                    "[A-Za-z0-9._-](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9._-])?");

    static final int PRIORITY = 0;
    static final int WEIGHT = 1;
    static final int ANY_NUMBER = 0;

    /// How long the parts of an attempt may take, and a stream that flows.
    static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofMinutes(2), Duration.ofHours(1));

    /// How long all attempts and the whole answer may take.
    static final Duration TOTAL = Duration.ofMinutes(10);

    /// Where people write the credential itself, too.
    private static final Kind<Auth> AUTH =
            Kind.word(Auth.class, auth -> auth.name().toLowerCase(Locale.ROOT).replace('_', '-')).hidden();

    private static final String DIALECTS = "openai, anthropic, gemini";
    private static final Kind<Way> WAY =
            new Kind<>(DIALECTS + ", each perhaps with a URL as in \"openai: URL\"; or a list of these", Way::of);
    private static final Set<Dialect> GEMINI = Set.of(Dialect.GEMINI);
    private static final Kind<Integer> PRIORITIES = Kind.whole(0, 1_000);
    private static final Kind<Integer> WEIGHTS = Kind.whole(1, 1_000);
    private static final Kind<Streaming> STREAM =
            Kind.word(Streaming.class, each -> each.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    private static final Kind<Integer> CONCURRENCY = Kind.whole(0, 1_000_000);
    private static final Kind<Optional<URI>> PROXY = Kind.orWord("", Address.PROXY);

    /// A dialect that a channel speaks.
    ///
    /// @param own where it speaks it, when that is not the channel's URL
    private record Way(Dialect dialect, Optional<Endpoint> own) {
        private static final Kind<Dialect> WORD = Kind.word(Dialect.class);

        static Optional<Way> of(String text) {
            int colon = text.indexOf(": ");
            if (colon < 0) return WORD.read(text).map(dialect -> new Way(dialect, Optional.empty()));
            Optional<Endpoint> own = Endpoint.KIND.read(text.substring(colon + 1).strip());
            return WORD.read(text.substring(0, colon))
                    .map(dialect -> new Way(dialect, own))
                    .filter(_ -> own.isPresent());
        }
    }

    /// How long may be waited.
    ///
    /// @param attempt for the parts of one attempt
    /// @param total   for all attempts together
    private record Times(Timeouts attempt, Duration total) {
        private static final Kind<Duration> TIME = Kind.time(Duration.ofMillis(10), Duration.ofDays(1));
        private static final Kind<Duration> LONG_TIME = Kind.time(Duration.ofSeconds(1), Duration.ofDays(30));

        static Times read(Section timeouts) {
            Duration connect = timeouts.setting("connect", TIME).value(TIMEOUTS.connect());
            Duration firstByte = timeouts.setting("first-byte", TIME).value(TIMEOUTS.firstByte());
            Duration idle = timeouts.setting("idle", TIME).value(TIMEOUTS.idle());
            Duration total = timeouts.setting("total", LONG_TIME).value(TOTAL);
            Duration stream = timeouts.setting("stream", LONG_TIME).value(TIMEOUTS.total());
            return new Times(new Timeouts(connect, firstByte, idle, stream), total);
        }
    }

    private final Section channel;
    private final Proxies proxies;

    private ChannelKeys(Section channel, Proxies proxies) {
        this.channel = channel;
        this.proxies = proxies;
    }

    /// The channels that are enabled.
    ///
    /// @param names gets the name of every channel
    static List<Channel> readAll(Section root, Proxies proxies, Set<String> names) {
        List<Channel> channels = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        for (Value entry : root.elements("channels", Count.MANY)) {
            if (!entry.isMapping()) {
                entry.refuse("a channel: name, url and what else there is to say, each with a colon behind it");
                continue;
            }
            Section channel = Section.of(entry.at(path(entry, paths)));
            new ChannelKeys(channel, proxies).read(name(channel, names)).ifPresent(channels::add);
        }
        return channels;
    }

    private static String name(Section channel, Set<String> taken) {
        Setting<String> setting = channel.required("name", NAME);
        String name = setting.read().stream().findFirst().orElse("");
        if (!name.isEmpty() && !taken.add(name)) setting.refuse("another channel has already", "a name of its own");
        return name;
    }

    /// By its name, where it has one, so that a channel is the same wherever it stands in the list.
    private static String path(Value entry, Set<String> taken) {
        return entry.literal("name")
                .flatMap(NAME::read)
                .map(name -> "channels." + name)
                .filter(taken::add)
                .orElse(entry.path());
    }

    private Optional<Channel> read(String name) {
        List<Way> ways = ways();
        Map<Dialect, Endpoint> endpoints = endpoints(ways);
        Map<Dialect, Auth> auths = auths(ways);
        String query = Additions.query(channel.secrets("query"), endpoints.values().stream());
        Keys keys = Credentials.read(channel);
        ModelNames models =
                ModelKeys.read(channel, keys instanceof Keys.FromClient && endpoints.keySet().equals(GEMINI));
        int priority = channel.setting("priority", PRIORITIES).value(PRIORITY);
        int weight = channel.setting("weight", WEIGHTS).value(WEIGHT);
        Fields headers = Additions.headers(channel.secrets("headers"), List.copyOf(auths.values()));
        Streaming streaming = channel.setting("stream", STREAM).value(Streaming.AS_ASKED);
        Optional<URI> proxy = channel.setting("proxy", PROXY).value(Optional.empty());
        Trust trust = ChannelTls.read(channel.section("tls"));
        int concurrency = channel.setting("concurrency", CONCURRENCY).value(ANY_NUMBER);
        Times times = Times.read(channel.section("timeouts"));
        boolean enabled = channel.setting("enabled", Kind.truth()).value(true);
        channel.refuseUnknown();
        channel.reading().findings().value(channel.path(), List.of());
        if (!enabled) return Optional.empty();
        Map<Dialect, Target> targets = new EnumMap<>(Dialect.class);
        endpoints.forEach((dialect, endpoint) -> {
            Optional<URI> way = proxy.or(() -> proxies.toward(channel.path(), endpoint.address()));
            targets.put(dialect, endpoint.target(dialect, trust, way, times.attempt()));
        });
        Duration total = times.total();
        return Optional.of(
                new Channel(
                        name,
                        targets,
                        auths,
                        query,
                        keys,
                        models,
                        priority,
                        weight,
                        headers,
                        streaming,
                        concurrency,
                        total));
    }

    private List<Way> ways() {
        var _ = channel.value("url"); // named first among the keys that are allowed, and needed or not by the dialects
        boolean single = channel.value("dialect").filter(Value::isText).isPresent();
        Setting<Way> setting =
                single ? channel.setting("dialect", WAY) : channel.lines("dialect", WAY, Count.ANY_BUT_NONE);
        setting.refuse(way -> way.dialect() == Dialect.RESPONSES, "is not part of this version", DIALECTS);
        setting.refuseRepeated(Way::dialect, "each dialect once");
        return setting.values(List.of(new Way(Dialect.OPENAI, Optional.empty())));
    }

    private Map<Dialect, Auth> auths(List<Way> ways) {
        Set<Auth> usual = ways.stream().map(way -> Auth.of(way.dialect())).collect(Collectors.toSet());
        Optional<Auth> same = usual.stream().filter(_ -> usual.size() == 1).findFirst();
        Optional<Auth> one = channel.setting("auth", AUTH.map(Optional::of)).value(same);
        Map<Dialect, Auth> auths = new EnumMap<>(Dialect.class);
        for (Way way : ways) auths.put(way.dialect(), one.orElseGet(() -> Auth.of(way.dialect())));
        return auths;
    }

    private Map<Dialect, Endpoint> endpoints(List<Way> ways) {
        boolean needed = ways.stream().anyMatch(way -> way.own().isEmpty());
        Setting<Endpoint> url = needed ? channel.required("url", Endpoint.KIND) : channel.setting("url", Endpoint.KIND);
        Optional<Endpoint> common = url.values(List.of()).stream().findFirst();
        Map<Dialect, Endpoint> endpoints = new EnumMap<>(Dialect.class);
        for (Way way : ways) way.own().or(() -> common).ifPresent(endpoint -> endpoints.put(way.dialect(), endpoint));
        return endpoints;
    }
}
