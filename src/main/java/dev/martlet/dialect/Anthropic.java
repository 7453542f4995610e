package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Fields;
import dev.martlet.Operation;

import java.util.List;

/// Anthropic's Messages API, version 2023-06-01.
final class Anthropic implements Idiom {
    @Override
    public boolean has(Operation.Kind kind) {
        return kind == Operation.Kind.CHAT;
    }

    @Override
    public String path(Inquiry inquiry) {
        return "/messages";
    }

    @Override
    public Fields fields() {
        return Fields.of("anthropic-version", "2023-06-01");
    }

    @Override
    public Inquiry toHub(Inquiry inquiry, Losses losses) {
        return AnthropicRequest.toHub(inquiry, losses);
    }

    @Override
    public Inquiry fromHub(Inquiry hub, Losses losses) {
        return AnthropicRequest.fromHub(hub, losses);
    }

    @Override
    public ObjectNode answerToHub(Operation.Kind kind, ObjectNode answer, Heading heading) throws Garbled {
        return AnthropicAnswer.toHub(answer, heading);
    }

    @Override
    public ObjectNode answerFromHub(Operation.Kind kind, ObjectNode hub, Heading heading) throws Garbled {
        return AnthropicAnswer.fromHub(hub, heading);
    }

    @Override
    public ObjectNode errorToHub(int status, ObjectNode error) {
        return AnthropicErrors.toHub(status, error);
    }

    @Override
    public ObjectNode errorFromHub(int status, ObjectNode hub) {
        return AnthropicErrors.fromHub(status, hub);
    }

    @Override
    public Fold streamToHub(Heading heading) {
        return new AnthropicStreamToHub(heading);
    }

    @Override
    public Fold streamFromHub(Heading heading) {
        return new AnthropicStreamFromHub(heading);
    }

    @Override
    public Collect collect() {
        return new AnthropicCollect();
    }

    @Override
    public List<Event> unfold(ObjectNode answer) throws Garbled {
        return AnthropicUnfold.of(answer);
    }
}
