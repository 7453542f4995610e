package dev.martlet.config;

import java.util.Comparator;

/// Where something was written; reads like `etc/martlet.yaml:3`, which editors and terminals follow.
///
/// @param source a file as the operator named it, or `environment`
/// @param line   from 1; 0 where it says nothing
/// @param column the same
record Place(String source, int line, int column) implements Comparable<Place> {
    static final Place ENVIRONMENT = of("environment");

    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::source).thenComparingInt(Place::line).thenComparingInt(Place::column);

    static Place of(String source) {
        return new Place(source, 0, 0);
    }

    static Place of(String source, int line) {
        return new Place(source, line, 0);
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return source + (line == 0 ? "" : ":" + line) + (column == 0 ? "" : ":" + column);
    }
}
