package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Fields;
import dev.martlet.Operation;

import java.util.List;

/// Google's Gemini API, `generateContent` and what belongs to it.
final class Gemini implements Idiom {
    @Override
    public boolean has(Operation.Kind kind) {
        return kind == Operation.Kind.CHAT || kind == Operation.Kind.EMBEDDINGS;
    }

    @Override
    public String path(Inquiry inquiry) {
        String model = "/" + GeminiModel.resource(inquiry.model());
        if (inquiry.kind() == Operation.Kind.EMBEDDINGS) return model + ":batchEmbedContents";
        return model + (inquiry.stream() ? ":streamGenerateContent?alt=sse" : ":generateContent");
    }

    @Override
    public Fields fields() {
        return Fields.NONE;
    }

    @Override
    public Inquiry toHub(Inquiry inquiry, Losses losses) {
        return GeminiRequest.toHub(inquiry, losses);
    }

    @Override
    public Inquiry fromHub(Inquiry hub, Losses losses) {
        return GeminiRequest.fromHub(hub, losses);
    }

    @Override
    public ObjectNode answerToHub(Operation.Kind kind, ObjectNode answer, Heading heading) throws Garbled {
        if (kind == Operation.Kind.EMBEDDINGS) return GeminiEmbeddings.answerToHub(answer, heading);
        return GeminiAnswer.toHub(answer, heading);
    }

    @Override
    public ObjectNode answerFromHub(Operation.Kind kind, ObjectNode hub, Heading heading) throws Garbled {
        if (kind == Operation.Kind.EMBEDDINGS) return GeminiEmbeddings.answerFromHub(hub);
        return GeminiAnswer.fromHub(hub, heading);
    }

    @Override
    public ObjectNode errorToHub(int status, ObjectNode error) {
        return GeminiErrors.toHub(status, error);
    }

    @Override
    public ObjectNode errorFromHub(int status, ObjectNode hub) {
        return GeminiErrors.fromHub(status, hub);
    }

    @Override
    public Fold streamToHub(Heading heading) {
        return new GeminiStreamToHub(heading);
    }

    @Override
    public Fold streamFromHub(Heading heading) {
        return new GeminiStreamFromHub(heading);
    }

    @Override
    public Collect collect() {
        return new GeminiCollect();
    }

    @Override
    public List<Event> unfold(ObjectNode answer) {
        return List.of(Event.of(answer)); // each event has the form of an answer
    }
}
