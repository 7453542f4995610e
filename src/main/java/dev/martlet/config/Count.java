package dev.martlet.config;

import java.util.function.IntPredicate;

/// How many entries a list may have.
///
/// @param allowed for the operator, behind "a list of"
record Count(int most, String allowed, IntPredicate holds) {
    private static final int MOST = 64;
    private static final int MOST_OF_ALL = 10_000;

    static final Count ANY = new Count(MOST, "at most " + MOST, _ -> true);

    /// For what a large site has very many of.
    static final Count MANY = new Count(MOST_OF_ALL, "at most " + MOST_OF_ALL, _ -> true);

    static final Count ANY_BUT_NONE = new Count(MOST, "1 to " + MOST, count -> count >= 1);

    /// For a pool: one alone has no failover, none means that it is not set up.
    static final Count ANY_BUT_ONE =
            new Count(MOST, "two or more (at most " + MOST + "), or none", count -> count != 1);

    boolean allows(int count) {
        return count <= most && holds.test(count);
    }
}
