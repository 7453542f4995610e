package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// An object that comes in pieces. Of some members the texts are strung together; of all others what is said last counts,
/// and what says nothing takes nothing away. Objects are joined member by member. A list goes on with what comes, unless
/// that begins with all there was: then it was told again.
final class Pieces {
    private final Set<String> strung;
    private final ObjectNode members = JsonNodeFactory.instance.objectNode();
    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();

    /// @param strung the members whose texts are parts of one
    Pieces(Set<String> strung) {
        this.strung = strung;
    }

    void add(ObjectNode piece) {
        for (Map.Entry<String, JsonNode> member : piece.properties()) add(member.getKey(), member.getValue());
    }

    void add(String name, JsonNode value) {
        boolean text = value.isTextual() && strung.contains(name);
        if (!text) {
            join(members, name, value);
            return;
        }
        if (saysNothing(members.path(name))) members.put(name, ""); // its place among the others
        texts.computeIfAbsent(name, _ -> new StringBuilder()).append(value.textValue());
    }

    boolean has(String name) {
        return members.has(name);
    }

    /// The object of all pieces so far; belongs to whoever asks.
    ObjectNode whole() {
        ObjectNode whole = members.deepCopy();
        texts.forEach((name, text) -> whole.put(name, text.toString()));
        return whole;
    }

    /// Adds a member to what is known of it.
    static void join(ObjectNode into, String name, JsonNode value) {
        JsonNode known = into.path(name);
        if (saysNothing(known)) {
            if (known.isMissingNode() || !saysNothing(value) || known.isNull()) into.set(name, value.deepCopy());
        } else if (known instanceof ObjectNode object && value instanceof ObjectNode more) {
            for (Map.Entry<String, JsonNode> member : more.properties()) {
                join(object, member.getKey(), member.getValue());
            }
        } else if (known instanceof ArrayNode list && value instanceof ArrayNode more) {
            join(list, more);
        } else if (!saysNothing(value)) {
            into.set(name, value.deepCopy());
        }
    }

    private static void join(ArrayNode list, ArrayNode more) {
        boolean again = more.size() >= list.size();
        for (int i = 0; again && i < list.size(); i++) again = list.get(i).equals(more.get(i));
        for (int i = again ? list.size() : 0; i < more.size(); i++) list.add(more.get(i).deepCopy());
    }

    static boolean saysNothing(JsonNode value) {
        if (value instanceof TextNode text) return text.textValue().isEmpty();
        return value.isMissingNode() || value.isNull() || (value.isContainerNode() && value.isEmpty());
    }
}
