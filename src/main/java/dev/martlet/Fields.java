package dev.martlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The header lines of a message, in the order in which they came, doubled names included. Immutable.
public final class Fields implements Iterable<Field> {
    public static final Fields NONE = new Fields(new Field[0]);

    private final Field[] lines;

    /// @param lines belongs to this object from here on
    private Fields(Field[] lines) {
        this.lines = lines;
    }

    public static Fields of(List<Field> lines) {
        return lines.isEmpty() ? NONE : new Fields(lines.toArray(Field[]::new));
    }

    /// Fields from alternating names and values, for messages of our own.
    public static Fields of(String... namesAndValues) {
        Field[] lines = new Field[namesAndValues.length / 2];
        for (int i = 0; i < lines.length; i++) lines[i] = new Field(namesAndValues[2 * i], namesAndValues[2 * i + 1]);
        return new Fields(lines);
    }

    /// The value of the first field of this name.
    public Optional<String> first(String name) {
        for (Field field : lines) {
            if (field.is(name)) return Optional.of(field.value());
        }
        return Optional.empty();
    }

    /// The values of all fields of this name, in order.
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (Field field : lines) {
            if (field.is(name)) values.add(field.value());
        }
        return values;
    }

    public boolean has(String name) {
        for (Field field : lines) {
            if (field.is(name)) return true;
        }
        return false;
    }

    /// Whether a comma-separated list field holds this token (RFC 9110, section 5.6.1), in any case and on any line.
    public boolean lists(String name, String token) {
        for (Field field : lines) {
            if (!field.is(name)) continue;
            for (String element : field.value().split(",", -1)) {
                if (element.strip().equalsIgnoreCase(token)) return true;
            }
        }
        return false;
    }

    /// These fields and one more at the end.
    public Fields with(String name, String value) {
        Field[] more = Arrays.copyOf(lines, lines.length + 1);
        more[lines.length] = new Field(name, value);
        return new Fields(more);
    }

    /// These fields followed by the others.
    public Fields and(Fields others) {
        if (others.lines.length == 0) return this;
        Field[] more = Arrays.copyOf(lines, lines.length + others.lines.length);
        System.arraycopy(others.lines, 0, more, lines.length, others.lines.length);
        return new Fields(more);
    }

    /// The fields for which the test does not hold.
    public Fields without(Predicate<Field> dropped) {
        Field[] kept = new Field[lines.length];
        int count = 0;
        for (Field field : lines) {
            if (!dropped.test(field)) kept[count++] = field;
        }
        return count == lines.length ? this : new Fields(Arrays.copyOf(kept, count));
    }

    public int size() {
        return lines.length;
    }

    @Override
    public Iterator<Field> iterator() {
        return Arrays.asList(lines).iterator();
    }

    /// Names only: a value may be a credential, and what is printed ends in a log.
    @Override
    public String toString() {
        return Arrays.stream(lines).map(Field::name).toList().toString();
    }
}
