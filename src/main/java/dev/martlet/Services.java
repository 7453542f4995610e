package dev.martlet;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The services of `/gateway`, by name.
///
/// @param forAll whether they are there for callers from anywhere, and not only from this machine
public record Services(Map<String, NamedService> byName, Lanes lanes, boolean forAll) {
    public static final Services NONE = new Services(Map.of(), Lanes.STANDARD, false);

    public Services {
        byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
    }

    public Optional<NamedService> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// In alphabetical order.
    public Collection<String> names() {
        return byName.keySet();
    }
}
