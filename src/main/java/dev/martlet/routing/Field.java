package dev.martlet.routing;

import dev.martlet.Asked;
import dev.martlet.Caller;
import dev.martlet.Channel;
import dev.martlet.Channels;
import dev.martlet.Channels.Tier;
import dev.martlet.Dialect;
import dev.martlet.Key;
import dev.martlet.Keys;
import dev.martlet.Refusal;
import dev.martlet.Refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Who counts for one call: channels that take its model, or one that stands in for it, understand it, and are used with
/// the keys that it may use.
///
/// @param courses     the model, then its fallbacks
/// @param callersKeys what the call is made with; empty for the channels' own keys: the two never mix
record Field(Channels channels, Asked asked, List<Course> courses, Optional<List<Key>> callersKeys) {
    /// A model after aliases, and the channels that take it.
    record Course(String model, List<Tier> tiers) {
        /// Whether some channel understands a call, and takes keys of that kind.
        boolean isFor(Asked asked, boolean callersKeys) {
            for (Tier tier : tiers) {
                if (tier.speaks(asked.dialects(), callersKeys)) return true;
            }
            return false;
        }

        List<Channel> channels() {
            return tiers.stream().flatMap(tier -> tier.channels().stream()).toList();
        }
    }

    /// @throws Refused when no channel takes the model or one that stands in for it, or none with the keys that the caller
    ///         may use
    static Field of(Channels channels, Asked asked, Caller caller) {
        String model = channels.resolved(asked.model());
        List<Course> courses = new ArrayList<>(List.of(new Course(model, channels.tiers(model))));
        for (String fallback : fallbacks(channels, asked.model(), model)) {
            String other = channels.resolved(fallback);
            courses.add(new Course(other, channels.tiers(other)));
        }
        if (courses.stream().allMatch(course -> course.tiers().isEmpty())) {
            throw new Refused(new Refusal.ModelNotFound(asked.model()));
        }
        return new Field(channels, asked, courses, callersKeys(courses, asked, caller));
    }

    private static List<String> fallbacks(Channels channels, String asked, String model) {
        List<String> ofAlias = channels.fallbacks(asked);
        return ofAlias.isEmpty() ? channels.fallbacks(model) : ofAlias;
    }

    /// The first model for which some channel understands the call decides with whose keys all of them are asked.
    private static Optional<List<Key>> callersKeys(List<Course> courses, Asked asked, Caller caller) {
        for (Course course : courses) {
            boolean takesTheirs = course.isFor(asked, true);
            boolean hasOwn = course.isFor(asked, false);
            if (takesTheirs && !caller.keys().isEmpty()) return Optional.of(CallersKeys.named(caller.keys()));
            if (takesTheirs && !hasOwn) throw new Refused(new Refusal.ProviderKeyRequired());
            if (hasOwn && !caller.mayUseOwnKeys()) throw new Refused(new Refusal.ClientKeyRequired());
            if (hasOwn) return Optional.empty();
        }
        return Optional.empty();
    }

    /// Why a channel that takes the model does not count; empty for one that does.
    Optional<String> outside(Channel channel) {
        if (asked.spokenBy(channel).isEmpty()) {
            return Optional.of(
                    "speaks "
                            + channel.targets().keySet().stream()
                                    .map(Dialect::word)
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
        if (counts(channel)) return Optional.empty();
        return Optional.of(channel.takesCallersKeys() ? "wants the caller's key" : "has keys of its own");
    }

    boolean counts(Channel channel) {
        return channel.takesCallersKeys() == callersKeys.isPresent() && asked.spokenBy(channel).isPresent();
    }

    /// The keys that a channel that counts is used with.
    Ring ring(Channel channel, ChannelMemory known, CallersKeys theirs) {
        return switch (channel.keys()) {
            case Keys.Own own -> known.ring(own);
            case Keys.FromClient _ -> theirs.ring(channels.identity(channel), callersKeys.orElseThrow());
        };
    }
}
