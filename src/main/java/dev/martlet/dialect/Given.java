package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Something in a request, and where it stands: for reading what may have any shape. What is `null` counts as absent.
///
/// @param path as the caller would write it: `messages[2].content`; empty for the body
/// @param name the last one in the path
record Given(JsonNode value, String path, String name) {
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])([A-Z])");

    static Given of(ObjectNode body) {
        return new Given(body, "", "");
    }

    /// Something else that says what stands here.
    Given as(JsonNode other) {
        return new Given(other, path, name);
    }

    /// A member; absent of what has none. Found under both names that Google's JSON has for it: `topP` and `top_p`.
    Given at(String name) {
        JsonNode found = value.path(name);
        if (found.isMissingNode() && hasHump(name)) found = value.path(snake(name));
        return new Given(found, below(name), name);
    }

    private String below(String member) {
        return path.isEmpty() ? member : path + "." + member;
    }

    boolean isAbsent() {
        return value.isMissingNode() || value.isNull();
    }

    boolean isPresent() {
        return !isAbsent();
    }

    /// Whether it differs from what most fields have when they are left out: nothing, no, zero.
    boolean asksForSomething() {
        return switch (value.getNodeType()) {
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> value.decimalValue().signum() != 0;
            case ARRAY, OBJECT -> !value.isEmpty();
            case STRING -> !value.textValue().isEmpty();
            default -> false;
        };
    }

    boolean isText() {
        return value.isTextual();
    }

    boolean isTrue() {
        return value.isBoolean() && value.booleanValue();
    }

    boolean says(String text) {
        return value.isTextual() && value.textValue().equals(text);
    }

    /// Empty when absent.
    ///
    /// @throws dev.martlet.Refused if it is no string
    Optional<String> text() {
        if (isAbsent()) return Optional.empty();
        if (!value.isTextual()) throw wrong("a string");
        return Optional.of(value.textValue());
    }

    /// The string that has to be there.
    String required() {
        return text().orElseThrow(() -> wrong("a string"));
    }

    Optional<BigDecimal> number() {
        if (isAbsent()) return Optional.empty();
        if (!value.isNumber()) throw wrong("a number");
        return Optional.of(value.decimalValue());
    }

    /// A whole number in the range of an `int`; what lies outside counts as the end of the range.
    Optional<Integer> count() {
        return number().map(number ->
                number.max(BigDecimal.valueOf(Integer.MIN_VALUE))
                        .min(BigDecimal.valueOf(Integer.MAX_VALUE))
                        .intValue());
    }

    /// The elements of an array; none when absent.
    List<Given> list() {
        if (isAbsent()) return List.of();
        if (!value.isArray()) throw wrong("an array");
        List<Given> elements = new ArrayList<>(value.size());
        for (JsonNode element : value) elements.add(new Given(element, path + "[" + elements.size() + "]", name));
        return elements;
    }

    /// The elements of an array, or the one that stands there without one; none when absent.
    List<Given> oneOrMany() {
        return isAbsent() || value.isArray() ? list() : List.of(this);
    }

    /// The members of an object that are present, by the names that they have there.
    List<Given> members() {
        List<Given> members = new ArrayList<>();
        for (var member : object().properties()) {
            Given given = new Given(member.getValue(), below(member.getKey()), member.getKey());
            if (given.isPresent()) members.add(given);
        }
        return members;
    }

    /// The object that has to be here; one without members when absent.
    ObjectNode object() {
        if (isAbsent()) return JsonNodeFactory.instance.objectNode();
        if (value instanceof ObjectNode object) return object;
        throw wrong("an object");
    }

    /// The refusal of a value that is not what it has to be.
    RuntimeException wrong(String allowed) {
        return Losses.wrong(path, "`" + path + "` must be " + allowed);
    }

    /// Nearly all names have no capital: a look at each letter is cheaper than the pattern.
    private static boolean hasHump(String name) {
        for (int i = 1; i < name.length(); i++) {
            if (Character.isUpperCase(name.charAt(i))) return HUMP.matcher(name).find();
        }
        return false;
    }

    /// `topP` as `top_p`.
    static String snake(String name) {
        return HUMP.matcher(name).replaceAll("_$1").toLowerCase(Locale.ROOT);
    }

    /// `top_p` as `topP`.
    static String camel(String name) {
        if (name.indexOf('_') < 0) return name;
        StringBuilder camel = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            boolean hump = name.charAt(i) == '_' && i + 1 < name.length() && !camel.isEmpty();
            camel.append(hump ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
        }
        return camel.toString();
    }
}
