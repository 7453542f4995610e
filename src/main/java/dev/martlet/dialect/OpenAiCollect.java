package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The chunks of a chat, or of a text completion, as the answer that would have come without a stream (OpenAI's API
/// reference, "The chat completion chunk object"; and what others made of it).
final class OpenAiCollect implements Collect {
    /// Of a whole answer; what chunks say begins so (`chat.completion.chunk`, Perplexity's `chat.completion.done`).
    private static final String WHOLE = "chat.completion";

    private static final int CHOICES_MAX = 256;

    /// What only fills an event up, so that its length tells nothing.
    private static final Set<String> PADDING = Set.of("obfuscation", "p");

    private final Pieces top = new Pieces(Set.of());
    private final SortedMap<Integer, OpenAiChoice> choices = new TreeMap<>();
    private JsonNode usage = JsonNodeFactory.instance.nullNode();

    @Override
    public void add(Event event) throws Garbled {
        if (event.isDone()) return;
        for (Map.Entry<String, JsonNode> member : event.data().properties()) add(member.getKey(), member.getValue());
    }

    private void add(String name, JsonNode value) throws Garbled {
        switch (name) {
            case "choices" -> addChoices(value);
            case "usage" -> usage = value.isObject() ? value : usage;
            case "error" -> {
                if (!Pieces.saysNothing(value)) throw new Garbled("an error stands in a chunk");
            }
            case "created" -> {
                if (value.asLong() != 0 || !top.has(name)) top.add(name, value); // Azure's filters have no time
            }
            default -> {
                if (!PADDING.contains(name)) top.add(name, value);
            }
        }
    }

    private void addChoices(JsonNode list) throws Garbled {
        if (list.isNull()) return;
        if (!list.isArray()) throw new Garbled("the choices of a chunk are no list");
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof ObjectNode choice)) throw new Garbled("a choice is no object");
            int index = choice.path("index").asInt(i);
            if (index < 0 || index >= CHOICES_MAX) throw new Garbled("the index of a choice is beyond belief");
            choices.computeIfAbsent(index, _ -> new OpenAiChoice()).add(choice);
        }
    }

    @Override
    public ObjectNode whole() throws Garbled {
        if (choices.isEmpty()) throw new Garbled("a stream without a choice");
        ObjectNode whole = top.whole();
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        choices.forEach((index, choice) -> list.add(choice.whole(index)));
        String object = whole.path("object").asText("");
        boolean chat = object.startsWith(WHOLE) || (object.isEmpty() && list.path(0).has("message"));
        if (chat) whole.put("object", WHOLE);
        whole.set("choices", list);
        JsonNode counted = usage.isNull() ? HubText.usage(whole) : usage;
        if (counted.isObject()) whole.set("usage", counted.deepCopy());
        return whole;
    }
}
