package dev.martlet.telemetry;

import java.util.Set;

/// Bounds what is remembered by a target's name. Names come from the configuration, never from a client; but it may change
/// often while the process lives.
final class TargetNames {
    static final int MAX = 256;
    static final String OTHERS = "others";

    private TargetNames() {}

    /// The name, or the one for all that came when there were too many.
    static String bounded(String name, Set<String> known) {
        return known.size() < MAX || known.contains(name) ? name : OTHERS;
    }
}
