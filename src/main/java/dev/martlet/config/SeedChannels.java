package dev.martlet.config;

import dev.martlet.Auth;
import dev.martlet.Channel;
import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Key;
import dev.martlet.Keys;
import dev.martlet.ModelNames;
import dev.martlet.Secret;
import dev.martlet.Streaming;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The channels that the variables of two seeds stand for. One of the same name in the file takes their place.
final class SeedChannels {
    /// What the names of the variables for the channel `gemini` begin with.
    static final String GEMINI = "GEMINI_";

    private static final String UPSTREAM = "UPSTREAM_API_URL";
    private static final String GEMINI_NAME = "gemini";
    private static final Address GOOGLE =
            Address.SERVICE.read("https://generativelanguage.googleapis.com").orElseThrow();
    private static final Kind<String> VERSION =
            Kind.matching(
                    "1 to 32 letters, digits and characters of . _ -, the first a letter",
                    "[A-Za-z][A-Za-z0-9._-]{0,31}");
    private static final Kind<Duration> MILLIS = Kind.millis(Duration.ofMillis(10), Duration.ofDays(1));

    /// Seed 003 is for providers that can only stream.
    private static final Manner OF_UPSTREAMS =
            new Manner(Dialect.OPENAI, Streaming.ALWAYS, ModelNames.ALL, ChannelKeys.PRIORITY, ChannelKeys.TIMEOUTS);

    /// Behind all channels that were chosen for a model: with a key of ours it answers for every model that there is.
    private static final int LAST = 1_000;

    /// How a channel is talked to.
    private record Manner(Dialect dialect, Streaming streaming, ModelNames models, int priority, Timeouts timeouts) {}

    private final Set<String> inFile;
    private final Reading reading;
    private final Proxies proxies;

    private SeedChannels(Set<String> inFile, Reading reading, Proxies proxies) {
        this.inFile = inFile;
        this.reading = reading;
        this.proxies = proxies;
    }

    /// @param inFile the names of the channels in the file
    static List<Channel> read(Set<String> inFile, Reading reading, Proxies proxies) {
        SeedChannels channels = new SeedChannels(inFile, reading, proxies);
        return Stream.concat(channels.upstreams(), channels.gemini().stream()).toList();
    }

    private Stream<Channel> upstreams() {
        List<Given> urls = reading.variables().listed(UPSTREAM);
        return IntStream.range(0, urls.size())
                .boxed()
                .flatMap(i -> upstream("upstream-" + (i + 1), urls.get(i)).stream());
    }

    private Optional<Channel> upstream(String name, Given url) {
        if (isInFile(name, List.of(url))) return Optional.empty();
        Setting<Endpoint> setting =
                new Setting<>(reading, "channels." + name + ".url", Offer.ofVariables(List.of(url), Endpoint.KIND));
        return setting.values(List.of()).stream()
                .findFirst()
                .map(endpoint -> channel(name, OF_UPSTREAMS, endpoint, new Keys.FromClient()));
    }

    private Optional<Channel> gemini() {
        List<Given> variables = reading.variables().beginning(GEMINI);
        if (variables.isEmpty() || isInFile(GEMINI_NAME, variables)) return Optional.empty();
        Section gemini = Section.empty(reading, "channels." + GEMINI_NAME);
        reading.findings().came(gemini.path(), Offer.ofVariables(variables, VERSION).source());
        Address base = gemini.setting("url", Address.SERVICE).or(Address.SERVICE, "GEMINI_BASE_URL").value(GOOGLE);
        String version = gemini.setting("version", VERSION).or(VERSION, "GEMINI_API_VERSION").value("v1beta");
        Timeouts usual = ChannelKeys.TIMEOUTS;
        Duration firstByte =
                gemini.section("timeouts")
                        .setting("first-byte", MILLIS)
                        .or(MILLIS, "GEMINI_TIMEOUT")
                        .value(usual.firstByte());
        Endpoint endpoint = new Endpoint(base.with(base.basePath() + "/" + version), "");
        Timeouts timeouts = new Timeouts(usual.connect(), firstByte, usual.idle(), usual.total());
        Keys keys = geminiKeys(gemini);
        int priority = keys instanceof Keys.FromClient ? ChannelKeys.PRIORITY : LAST;
        Manner manner = new Manner(Dialect.GEMINI, Streaming.AS_ASKED, ModelKeys.allOnGemini(), priority, timeouts);
        return Optional.of(channel(GEMINI_NAME, manner, endpoint, keys));
    }

    private static Keys geminiKeys(Section gemini) {
        List<Secret> secrets =
                gemini
                        .setting("keys", Credentials.SECRET)
                        .orListed(Credentials.SECRET, "GEMINI_API_KEYS")
                        .values(List.of())
                        .stream()
                        .distinct()
                        .toList();
        if (secrets.isEmpty()) return new Keys.FromClient();
        return new Keys.Own(
                IntStream.range(0, secrets.size())
                        .mapToObj(i -> new Key("key-" + (i + 1), Optional.of(secrets.get(i)), 1))
                        .toList());
    }

    private Channel channel(String name, Manner manner, Endpoint endpoint, Keys keys) {
        String path = "channels." + name;
        reading.findings().value(path, List.of());
        Dialect dialect = manner.dialect();
        Target target =
                endpoint.target(dialect, Trust.PUBLIC, proxies.toward(path, endpoint.address()), manner.timeouts());
        return new Channel(
                name,
                Map.of(dialect, target),
                Map.of(dialect, Auth.of(dialect)),
                endpoint.query(),
                keys,
                manner.models(),
                manner.priority(),
                ChannelKeys.WEIGHT,
                Fields.NONE,
                manner.streaming(),
                ChannelKeys.ANY_NUMBER,
                ChannelKeys.TOTAL);
    }

    private boolean isInFile(String name, List<Given> variables) {
        if (!inFile.contains(name)) return false;
        String source = Offer.ofVariables(variables, VERSION).source();
        variables.forEach(given -> reading.variables().find(given.name())); // so that this is all that is said of them
        reading.findings().remark(source + " ignored: channels." + name + " stands in " + reading.file());
        return true;
    }
}
