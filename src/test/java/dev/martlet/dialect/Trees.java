package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Compares documents: the order of members does not count, and a member that is null, an empty text or an empty list counts
/// as one that is not there.
final class Trees {
    private Trees() {}

    /// The first place where they differ, and how.
    static Optional<String> difference(JsonNode one, JsonNode other) {
        return difference("", one, other);
    }

    private static Optional<String> difference(String where, JsonNode one, JsonNode other) {
        if (absent(one) && absent(other)) return Optional.empty();
        if (one.isObject() && other.isObject()) return members(where, one, other);
        boolean lists = one.isArray() && other.isArray();
        if (lists && one.size() == other.size()) return elements(where, one, other);
        boolean numbers = one.isNumber() && other.isNumber();
        boolean same = numbers ? one.decimalValue().compareTo(other.decimalValue()) == 0 : one.equals(other);
        return same ? Optional.empty() : Optional.of(where + ": " + excerpt(one) + " became " + excerpt(other));
    }

    private static Optional<String> members(String where, JsonNode one, JsonNode other) {
        Set<String> names = new TreeSet<>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        return names.stream()
                .flatMap(name -> difference(where + "/" + name, one.path(name), other.path(name)).stream())
                .findFirst();
    }

    private static Optional<String> elements(String where, JsonNode one, JsonNode other) {
        for (int i = 0; i < one.size(); i++) {
            Optional<String> found = difference(where + "/" + i, one.get(i), other.get(i));
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static boolean absent(JsonNode node) {
        boolean nothing = node.isTextual() ? node.asText().isEmpty() : node.isArray() && node.isEmpty();
        return node.isMissingNode() || node.isNull() || nothing;
    }

    private static String excerpt(JsonNode node) {
        String text = node.isMissingNode() ? "nothing" : node.toString();
        return text.length() > 120 ? text.substring(0, 120) + "…" : text;
    }
}
