package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;
import java.util.Set;

/// A whole answer: a message of Anthropic's as a chat completion, and back.
final class AnthropicAnswer {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// The members that have a place of their own in the hub; all others are kept with the choice.
    private static final Set<String> SAID = Set.of("id", "type", "role", "model", "content", "stop_reason", "usage");

    private AnthropicAnswer() {}

    static ObjectNode toHub(ObjectNode answer, Heading heading) throws Garbled {
        ObjectNode hub = heading(answer, heading, "chat.completion");
        ObjectNode choice = hub.putArray("choices").addObject().put("index", 0);
        ObjectNode message = AnthropicMessage.toHub(Shape.array(answer.path("content"), "content"));
        choice.set("message", message);
        choice.putNull("logprobs");
        finish(answer, HubText.calls(message), choice);
        if (answer.path("usage") instanceof ObjectNode usage) hub.set("usage", AnthropicUsage.toHub(usage));
        return hub;
    }

    /// What an answer and each chunk of one begin with.
    ///
    /// @param message with the id that Anthropic gave it
    static ObjectNode heading(ObjectNode message, Heading heading, String object) {
        return NODES.objectNode()
                .put("id", Shape.some(message.path("id")).orElseGet(() -> "chatcmpl-" + heading.id()))
                .put("object", object)
                .put("created", heading.created())
                .put("model", heading.model());
    }

    /// Says in a choice why the answer ended, and with what else.
    ///
    /// @param calls whether it calls tools
    static void finish(ObjectNode answer, boolean calls, ObjectNode choice) throws Garbled {
        Optional<String> reason = Shape.said(answer.path("stop_reason"), "stop_reason");
        String finish = AnthropicStop.toHub(reason.orElse("end_turn"));
        ObjectNode extra = NODES.objectNode();
        reason.filter(one -> !AnthropicStop.fromHub(finish, calls).equals(one))
                .ifPresent(one -> extra.put("finish_reason", one));
        for (var member : answer.properties()) {
            boolean other = !SAID.contains(member.getKey()) && !member.getValue().isNull();
            if (other) extra.set(member.getKey(), member.getValue());
        }
        choice.put("finish_reason", finish);
        if (!extra.isEmpty()) choice.putObject("extra_content").set("anthropic", extra);
    }

    static ObjectNode fromHub(ObjectNode hub, Heading heading) throws Garbled {
        ObjectNode choice = Shape.object(Shape.array(hub.path("choices"), "choices").path(0), "a choice");
        JsonNode message = choice.path("message"); // Azure has none where it filtered what was asked
        ObjectNode answer = begun(hub, heading);
        answer.set("content", AnthropicMessage.fromHub(message));
        stop(choice, HubText.calls(message), answer);
        answer.set("usage", AnthropicUsage.fromHub(HubText.usage(hub)));
        return answer;
    }

    /// A message to which nothing was said yet.
    static ObjectNode begun(ObjectNode hub, Heading heading) {
        ObjectNode answer =
                NODES.objectNode()
                        .put("id", Shape.some(hub.path("id")).orElseGet(() -> "msg_" + heading.id()))
                        .put("type", "message")
                        .put("role", "assistant")
                        .put("model", heading.model());
        answer.putArray("content");
        return answer.putNull("stop_reason").putNull("stop_sequence");
    }

    /// Says in a message, or in the delta that ends a stream, why it ended, and with what else.
    ///
    /// @param calls whether it calls tools
    static void stop(ObjectNode choice, boolean calls, ObjectNode answer) throws Garbled {
        String finish = Shape.said(choice.path("finish_reason"), "finish_reason").orElse("");
        answer.put("stop_reason", AnthropicStop.fromHub(finish, calls)).putNull("stop_sequence");
        for (var member : choice.path("extra_content").path("anthropic").properties()) {
            String name = member.getKey();
            if (name.equals("finish_reason")) answer.set("stop_reason", member.getValue());
            else if (!SAID.contains(name) && !name.equals("event")) answer.set(name, member.getValue());
        }
    }
}
