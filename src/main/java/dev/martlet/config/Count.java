package dev.martlet.config;

import java.util.function.IntPredicate;

/// How many entries a list may have.
///
/// @param allowed for the operator, behind "a list of"
record Count(String allowed, IntPredicate holds) {
    private static final int MOST = 64;

    static final Count ANY = new Count("at most " + MOST, _ -> true);

    static final Count ANY_BUT_NONE = new Count("1 to " + MOST, count -> count >= 1);

    /// For a pool: one alone has no failover, none means that it is not set up.
    static final Count ANY_BUT_ONE = new Count("two or more (at most " + MOST + "), or none", count -> count != 1);

    boolean allows(int count) {
        return count <= MOST && holds.test(count);
    }
}
