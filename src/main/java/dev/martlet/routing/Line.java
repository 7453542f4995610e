package dev.martlet.routing;

import dev.martlet.Channel;
import dev.martlet.Channels;

import java.util.List;

/// Things in a row, each taking up as much of a line as it weighs.
interface Line<T> {
    List<T> all();

    /// How long the line is: the sum of all weights.
    long length();

    long weight(T one);

    /// What lies at a place.
    ///
    /// @param place 0 to less than the length
    T at(long place);

    /// Whether all weigh the same.
    boolean isEven();

    /// A number that stays with a thing wherever it stands.
    int mark(int index);

    /// The channels of a tier.
    record OfTier(Channels.Tier tier) implements Line<Channel> {
        @Override
        public List<Channel> all() {
            return tier.channels();
        }

        @Override
        public long length() {
            return tier.weight();
        }

        @Override
        public long weight(Channel one) {
            return one.weight();
        }

        @Override
        public Channel at(long place) {
            return tier.at(place);
        }

        @Override
        public boolean isEven() {
            return tier.isEven();
        }

        @Override
        public int mark(int index) {
            return tier.mark(index);
        }
    }
}
