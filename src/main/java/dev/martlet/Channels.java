package dev.martlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The channels that are enabled, and the other names that their models go by.
public final class Channels {
    /// No channel at all.
    public static final Channels NONE = new Channels(List.of(), Map.of(), Map.of());

    /// Names of models are chosen by callers: of more than this many the tiers are not kept.
    private static final int KEPT_MAX = 1024;

    private final List<Channel> list;
    private final Map<String, String> aliases;
    private final Map<String, List<String>> fallbacks;
    private final Set<String> names = new HashSet<>();
    private final Map<String, String> identities = new HashMap<>();
    private final ConcurrentMap<String, List<Tier>> tiers = new ConcurrentHashMap<>();

    /// @param aliases   other names of models
    /// @param fallbacks models that are asked, in this order, when every channel of a model has failed
    public Channels(List<Channel> list, Map<String, String> aliases, Map<String, List<String>> fallbacks) {
        this.list = List.copyOf(list);
        this.aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
        this.fallbacks = Map.copyOf(fallbacks);
        names.addAll(aliases.keySet());
        names.addAll(aliases.values());
        for (Channel channel : list) {
            names.addAll(channel.models().named());
            identities.put(channel.name(), channel.identity());
        }
    }

    public List<Channel> list() {
        return list;
    }

    /// The names of aliases, in the order in which they were given.
    public Collection<String> aliases() {
        return aliases.keySet();
    }

    /// Whether the configuration has this name of a model in full: callers may choose others, where a pattern takes them.
    public boolean isNamed(String model) {
        return names.contains(model);
    }

    /// A model for an example: the first that a channel names in full.
    public Optional<String> example() {
        return list.stream().flatMap(channel -> channel.models().named().stream()).findFirst();
    }

    /// The model that an alias stands for; any other name stands for itself.
    public String resolved(String model) {
        return aliases.getOrDefault(model, model);
    }

    /// The models that are asked in place of one that nobody answers for.
    public List<String> fallbacks(String model) {
        return fallbacks.getOrDefault(model, List.of());
    }

    /// The channel of this name.
    public Optional<Channel> named(String name) {
        return list.stream().filter(channel -> channel.name().equals(name)).findFirst();
    }

    /// What tells a channel of this configuration from another that had its name before, or will have it.
    public String identity(Channel channel) {
        String known = identities.get(channel.name());
        return known == null ? channel.identity() : known;
    }

    /// What tells the channels from all others.
    public Collection<String> identities() {
        return identities.values();
    }

    /// The channels that take a model, those that are asked first in the first tier. None for a model that nobody takes.
    ///
    /// @param model after aliases
    public List<Tier> tiers(String model) {
        List<Tier> known = tiers.get(model);
        if (known != null) return known;
        List<Tier> made = tiersOf(model);
        if (tiers.size() < KEPT_MAX) tiers.put(model, made);
        return made;
    }

    private List<Tier> tiersOf(String model) {
        Map<Integer, List<Channel>> byPriority = new TreeMap<>();
        for (Channel channel : list) {
            if (!channel.models().accepts(model)) continue;
            byPriority.computeIfAbsent(channel.priority(), _ -> new ArrayList<>()).add(channel);
        }
        return byPriority.values().stream().map(Tier::new).toList();
    }

    /// Channels that take the same model with the same priority.
    public static final class Tier {
        private final List<Channel> channels;
        private final long[] weightsUpTo;
        private final boolean even;
        private final int[] marks;
        private final Set<Dialect> withOwnKeys = EnumSet.noneOf(Dialect.class);
        private final Set<Dialect> withCallersKeys = EnumSet.noneOf(Dialect.class);

        Tier(List<Channel> channels) {
            this.channels = List.copyOf(channels);
            this.weightsUpTo = new long[channels.size()];
            long sum = 0;
            for (int i = 0; i < weightsUpTo.length; i++) {
                sum += channels.get(i).weight();
                weightsUpTo[i] = sum;
            }
            this.even = channels.stream().mapToInt(Channel::weight).distinct().count() <= 1;
            this.marks = channels.stream().mapToInt(channel -> channel.name().hashCode()).toArray();
            for (Channel channel : channels) {
                (channel.takesCallersKeys() ? withCallersKeys : withOwnKeys).addAll(channel.targets().keySet());
            }
        }

        public List<Channel> channels() {
            return channels;
        }

        /// The sum of all weights.
        public long weight() {
            return weightsUpTo[weightsUpTo.length - 1];
        }

        /// Whether all weigh the same.
        public boolean isEven() {
            return even;
        }

        /// A number for each channel that stays with its name.
        public int mark(int index) {
            return marks[index];
        }

        /// Whether some channel speaks one of these dialects, and takes keys of that kind.
        public boolean speaks(List<Dialect> dialects, boolean callersKeys) {
            Set<Dialect> spoken = callersKeys ? withCallersKeys : withOwnKeys;
            for (Dialect dialect : dialects) {
                if (spoken.contains(dialect)) return true;
            }
            return false;
        }

        /// The channel at a place on the line on which each takes up as much as it weighs.
        ///
        /// @param place 0 to less than the sum of all weights
        public Channel at(long place) {
            int found = Arrays.binarySearch(weightsUpTo, place + 1);
            return channels.get(found < 0 ? -found - 1 : found);
        }
    }
}
