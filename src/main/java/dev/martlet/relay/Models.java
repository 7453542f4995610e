package dev.martlet.relay;

import dev.martlet.Caller;
import dev.martlet.Catalog;
import dev.martlet.Channel;
import dev.martlet.Key;
import dev.martlet.Keys;
import dev.martlet.ModelNames;
import dev.martlet.Patience;
import dev.martlet.Secret;
import dev.martlet.dialect.ModelList;
import dev.martlet.dialect.ModelList.Model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Which models there are. A channel that names its models is asked nothing; of one that takes others as well the provider
/// alone knows them: it is asked in the background, and what it said counts for ten minutes.
public final class Models {
    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(10);

    /// How soon a provider that gave no list is asked again.
    private static final long RETRIED_NANOS = TimeUnit.SECONDS.toNanos(30);

    /// For how long what was said is remembered when nobody asks for it.
    private static final long REMEMBERED_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final Duration ASKED_WITHIN = Duration.ofSeconds(15);

    /// How long whoever asks first waits for providers that were never asked before.
    private static final Duration FIRST_WAIT = Duration.ofSeconds(3);

    private static final int LISTS_MAX = 1024;

    /// Of a channel's keys.
    private static final int KEYS_ASKED_WITH_MAX = 3;

    /// Of all lists together.
    private static final int MODELS_MAX = 50_000;

    private final Probe probe;
    private final Supplier<Catalog> catalogs;
    private final ConcurrentMap<Source, Listed> lists = new ConcurrentHashMap<>();

    /// A channel, as it was asked, and with which key: that itself is not kept, a caller may have brought it.
    private record Source(Channel channel, String keyId) {}

    /// What a provider said, and when; `ready` opens when it has said something for the first time.
    private static final class Listed {
        private final CountDownLatch ready = new CountDownLatch(1);
        private volatile List<Model> models = List.of();
        private volatile boolean good;
        private volatile boolean asking;
        private volatile long askedAt;

        boolean isForgotten(long now) {
            return !asking && ready.getCount() == 0 && now - askedAt > REMEMBERED_NANOS;
        }

        boolean isDue(long now) {
            return !asking && (ready.getCount() > 0 || now - askedAt > (good ? KEPT_NANOS : RETRIED_NANOS));
        }
    }

    public Models(Probe probe, Supplier<Catalog> catalogs) {
        this.probe = probe;
        this.catalogs = catalogs;
    }

    /// The models and aliases that a caller may use, each once, in the order of the channels.
    ///
    /// @param local whether it asks from this very machine
    /// @param keys  that it brought
    public List<Model> of(boolean local, List<Secret> keys) {
        Catalog catalog = catalogs.get();
        Caller caller = new Caller(local || catalog.keysForAll(), keys);
        List<Channel> channels = catalog.channels().list().stream().filter(channel -> isFor(caller, channel)).toList();
        Map<String, Model> models = new LinkedHashMap<>();
        Map<Channel, Listed> asked = asked(channels, caller);
        awaitFirst(asked);
        for (Channel channel : channels) {
            for (String name : channel.models().named()) models.putIfAbsent(name, new Model(name, 0, channel.name()));
            Optional.ofNullable(asked.get(channel))
                    .ifPresent(listed -> accepted(channel, listed).forEach(one -> models.putIfAbsent(one.id(), one)));
        }
        for (String alias : catalog.channels().aliases()) {
            boolean answered = !catalog.channels().tiers(catalog.channels().resolved(alias)).isEmpty();
            if (answered) models.putIfAbsent(alias, new Model(alias, 0, "martlet"));
        }
        return List.copyOf(models.values());
    }

    private static boolean isFor(Caller caller, Channel channel) {
        return channel.takesCallersKeys() ? !caller.keys().isEmpty() : caller.mayUseOwnKeys();
    }

    /// Without those whose public name is another.
    private static List<Model> accepted(Channel channel, Listed listed) {
        ModelNames names = channel.models();
        return listed.models.stream().filter(one -> names.accepts(one.id())).toList();
    }

    private Map<Channel, Listed> asked(List<Channel> channels, Caller caller) {
        Map<Channel, Listed> asked = new LinkedHashMap<>();
        for (Channel channel : channels) {
            if (!channel.models().isOpen()) continue;
            List<Key> keys =
                    switch (channel.keys()) {
                        case Keys.Own(List<Key> list) -> list.subList(0, Math.min(KEYS_ASKED_WITH_MAX, list.size()));
                        case Keys.FromClient() -> List.of(new Key("caller", Optional.of(caller.keys().getFirst()), 1));
                    };
            asked.put(channel, listed(channel, keys));
        }
        return asked;
    }

    private Listed listed(Channel channel, List<Key> keys) {
        long now = System.nanoTime();
        lists.values().removeIf(listed -> listed.isForgotten(now));
        if (lists.size() >= LISTS_MAX)
            lists.clear(); // keys are brought by callers; what is asked for often is soon back
        Listed listed = lists.computeIfAbsent(new Source(channel, keys.getFirst().id()), _ -> new Listed());
        synchronized (listed) {
            if (!listed.isDue(now)) return listed;
            listed.asking = true;
        }
        Thread.ofVirtual().name("models").start(() -> ask(channel, keys, listed));
        return listed;
    }

    /// A key that is refused hides nothing that the next one shows.
    private void ask(Channel channel, List<Key> keys, Listed listed) {
        try {
            Optional<List<Model>> models =
                    keys.stream().map(key -> models(channel, key)).flatMap(Optional::stream).findFirst();
            models.ifPresent(list -> keep(list, listed));
            listed.good = models.isPresent();
        } finally {
            listed.askedAt = System.nanoTime();
            listed.asking = false;
            listed.ready.countDown();
        }
    }

    private Optional<List<Model>> models(Channel channel, Key key) {
        return switch (probe.models(channel, key, ASKED_WITHIN, Patience.ENDLESS)) {
            case Probe.Outcome.Answered(int status, byte[] content) when status / 100 == 2 ->
                    ModelList.read(content, channel.name());
            case Probe.Outcome.Answered _, Probe.Outcome.Failed _ -> Optional.empty();
        };
    }

    private void keep(List<Model> models, Listed listed) {
        long others = lists.values().stream().mapToLong(one -> one.models.size()).sum();
        if (others + models.size() > MODELS_MAX) lists.values().removeIf(one -> one != listed);
        listed.models = models;
    }

    private static void awaitFirst(Map<Channel, Listed> asked) {
        long until = System.nanoTime() + FIRST_WAIT.toNanos();
        for (Listed listed : new ArrayList<>(asked.values())) {
            try {
                var _ =
                        listed.ready.await(
                                until - System.nanoTime(), TimeUnit.NANOSECONDS); // else without it, this time
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
