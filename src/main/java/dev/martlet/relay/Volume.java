package dev.martlet.relay;

import dev.martlet.Usage;

/// How many tokens the events of a stream are, about: each is one, and what it is larger by than the smallest is text.
final class Volume {
    private long events;
    private long bytes;
    private int smallest = Integer.MAX_VALUE;

    /// An event with content.
    void add(int eventBytes) {
        events++;
        bytes += eventBytes;
        smallest = Math.min(smallest, eventBytes);
    }

    long tokens() {
        return events + Usage.tokens(textBytes());
    }

    /// What the events do not have in common.
    long textBytes() {
        return events == 0 ? 0 : bytes - events * smallest;
    }
}
