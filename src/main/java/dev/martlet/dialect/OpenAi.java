package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Fields;
import dev.martlet.Operation;

import java.util.List;

/// The hub itself: what it says for the others' sake is left out on the way to a provider.
final class OpenAi implements Idiom {
    @Override
    public boolean has(Operation.Kind kind) {
        return true;
    }

    @Override
    public String path(Inquiry inquiry) {
        return inquiry.kind() == Operation.Kind.EMBEDDINGS ? "/embeddings" : "/chat/completions";
    }

    @Override
    public Fields fields() {
        return Fields.NONE;
    }

    @Override
    public Inquiry toHub(Inquiry inquiry, Losses losses) {
        return inquiry;
    }

    @Override
    public Inquiry fromHub(Inquiry hub, Losses losses) {
        return OpenAiRequest.fromHub(hub, losses);
    }

    @Override
    public ObjectNode answerToHub(Operation.Kind kind, ObjectNode answer, Heading heading) {
        return answer;
    }

    @Override
    public ObjectNode answerFromHub(Operation.Kind kind, ObjectNode hub, Heading heading) {
        return OpenAiForms.whole(kind, hub, heading);
    }

    @Override
    public ObjectNode errorToHub(int status, ObjectNode error) {
        return error;
    }

    @Override
    public ObjectNode errorFromHub(int status, ObjectNode hub) {
        return hub;
    }

    @Override
    public Fold streamToHub(Heading heading) {
        return AS_IT_IS;
    }

    @Override
    public Fold streamFromHub(Heading heading) {
        return OpenAiForms.stream(heading);
    }

    @Override
    public Collect collect() {
        return new OpenAiCollect();
    }

    @Override
    public List<Event> unfold(ObjectNode answer) throws Garbled {
        return OpenAiUnfold.of(answer);
    }

    private static final Fold AS_IT_IS =
            new Fold() {
                @Override
                public List<Event> next(Event event) {
                    return List.of(event);
                }

                @Override
                public List<Event> end() {
                    return List.of();
                }
            };
}
