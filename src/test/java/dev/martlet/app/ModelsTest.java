package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Auth;
import dev.martlet.Catalog;
import dev.martlet.Channel;
import dev.martlet.Channels;
import dev.martlet.Deadline;
import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Key;
import dev.martlet.Keys;
import dev.martlet.ModelNames;
import dev.martlet.RoutingPolicy;
import dev.martlet.Secret;
import dev.martlet.Services;
import dev.martlet.Streaming;
import dev.martlet.dialect.ModelList.Model;
import dev.martlet.relay.Models;
import dev.martlet.relay.Probe;
import dev.martlet.upstream.Upstream;
import dev.martlet.upstream.UpstreamSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

@DisplayName("The list of models")
@Timeout(60)
class ModelsTest {
    private static final Duration TIME = Duration.ofSeconds(20);

    private static final String LIST = ChannelStage.json(200, "{\"object\":\"list\",\"data\":[{\"id\":\"m\"}]}");

    private final FakeProvider provider = FakeProvider.answering(LIST);
    private final Upstream upstream = new Upstream(UpstreamSettings.standard());

    @AfterEach
    void close() {
        upstream.close();
        provider.close();
    }

    @Test
    @DisplayName("knows what a caller's key is good for, and not the key")
    void keepsNoKeyOfACaller() {
        Models models = models(new Keys.FromClient(), Map.of());
        WeakReference<Secret> key = askWithKey(models);
        Deadline end = Deadline.in(TIME);
        while (!key.refersTo(null) && !end.passed()) System.gc();
        assertTrue(key.refersTo(null), "a caller's key is remembered");
        assertEquals(List.of("m"), names(models.of(false, List.of(new Secret("sk-fake-caller")))));
        assertEquals(1, provider.requests().size(), "and what it is good for is not");
    }

    private static WeakReference<Secret> askWithKey(Models models) {
        Secret key = new Secret("sk-fake-caller");
        assertEquals(List.of("m"), names(models.of(false, List.of(key))));
        return new WeakReference<>(key);
    }

    @Test
    @DisplayName("ends with the aliases, in the order in which they are written")
    void aliasesAsWritten() {
        Map<String, String> aliases = new LinkedHashMap<>();
        for (String name : List.of("z", "y", "x", "c", "b", "a")) aliases.put(name, "m");
        Models models = models(new Keys.FromClient(), aliases);
        assertEquals(
                List.of("m", "z", "y", "x", "c", "b", "a"),
                names(models.of(false, List.of(new Secret("sk-fake-caller")))));
    }

    @Test
    @DisplayName("is that of the next key, where the provider refuses the first")
    void withAnotherKey() {
        Key refused = new Key("key-1", Optional.of(new Secret("sk-fake-refused")), 1);
        Key good = new Key("key-2", Optional.of(new Secret("sk-fake-good")), 1);
        try (FakeProvider picky =
                new FakeProvider(peer -> {
                    for (var request = peer.next(); request.isPresent(); request = peer.next()) {
                        String key = request.get().head().fields().first("Authorization").orElse("");
                        peer.send(key.endsWith("good") ? LIST : ChannelStage.json(401, "{}"));
                    }
                })) {
            Models models = models(picky, new Keys.Own(List.of(refused, good)), Map.of());
            assertEquals(List.of("m"), names(models.of(true, List.of())));
        }
    }

    private static List<String> names(List<Model> models) {
        return models.stream().map(Model::id).toList();
    }

    private Models models(Keys keys, Map<String, String> aliases) {
        return models(provider, keys, aliases);
    }

    private Models models(FakeProvider asked, Keys keys, Map<String, String> aliases) {
        Channel channel =
                new Channel(
                        "one",
                        Map.of(Dialect.OPENAI, Stage.target(asked.port(), Stage.LONG)),
                        Map.of(Dialect.OPENAI, Auth.of(Dialect.OPENAI)),
                        "",
                        keys,
                        ModelNames.ALL,
                        0,
                        1,
                        Fields.NONE,
                        Streaming.AS_ASKED,
                        0,
                        TIME);
        Catalog catalog =
                new Catalog(
                        List.of(),
                        "",
                        new RoutingPolicy(3, TIME),
                        List.of("*"),
                        new Channels(List.of(channel), aliases, Map.of()),
                        Services.NONE,
                        false);
        return new Models(new Probe(upstream), () -> catalog);
    }
}
