package dev.martlet.app;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The few things that tell whether an answer was understood, as text by name. What is empty or absent is not noted.
final class Facts {
    private final SortedMap<String, String> noted = new TreeMap<>();

    /// Appends to what is noted under this name: text that arrives piece by piece.
    void add(String name, String piece) {
        if (!piece.isEmpty()) noted.merge(name, piece, String::concat);
    }

    void add(String name, Optional<?> piece) {
        piece.ifPresent(value -> add(name, value.toString()));
    }

    /// Notes a value in place of an earlier one.
    void set(String name, Object value) {
        noted.put(name, value.toString());
    }

    void set(String name, Optional<?> value) {
        value.ifPresent(some -> set(name, some));
    }

    /// One more of what is counted under this name.
    void count(String name) {
        noted.merge(name, "1", (before, _) -> Integer.toString(Integer.parseInt(before) + 1));
    }

    SortedMap<String, String> noted() {
        return noted;
    }
}
