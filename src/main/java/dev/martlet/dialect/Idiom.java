package dev.martlet.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Operation;

import java.util.List;

/// One dialect as seen from the hub, which is OpenAI's Chat Completions: the ways there and back for all that is said in it.
/// Two dialects that are both not the hub meet in it.
///
/// Trees that come in are never changed. What the hub has no word for travels in `extra_content` (see the room's plate), so
/// that the way there and back loses nothing.
interface Idiom {
    static Idiom of(Dialect dialect) {
        return switch (dialect) {
            case OPENAI -> new OpenAi();
            case ANTHROPIC -> new Anthropic();
            case GEMINI -> new Gemini();
            case RESPONSES -> throw new IllegalArgumentException(dialect.word() + " is not translated");
        };
    }

    /// Whether there is a word for such a call.
    boolean has(Operation.Kind kind);

    /// Where a request goes, below the version part of a base URL, with its query if it has one.
    String path(Inquiry inquiry);

    /// The fields that belong to every request.
    Fields fields();

    /// A request of this dialect in the words of the hub.
    Inquiry toHub(Inquiry inquiry, Losses losses);

    /// A request of the hub in the words of this dialect.
    Inquiry fromHub(Inquiry hub, Losses losses);

    /// A whole answer of this dialect in the words of the hub.
    ///
    /// @throws Garbled if it is none
    ObjectNode answerToHub(Operation.Kind kind, ObjectNode answer, Heading heading) throws Garbled;

    ObjectNode answerFromHub(Operation.Kind kind, ObjectNode hub, Heading heading) throws Garbled;

    /// An error of this dialect in the words of the hub, whatever the provider made of it.
    ///
    /// @param status of the answer that it is the body of
    ObjectNode errorToHub(int status, ObjectNode error);

    ObjectNode errorFromHub(int status, ObjectNode hub);

    Fold streamToHub(Heading heading);

    Fold streamFromHub(Heading heading);

    /// Gathers a stream of this dialect into the answer that would have come without one.
    Collect collect();

    /// The stream that says the same as a whole answer of this dialect.
    List<Event> unfold(ObjectNode answer) throws Garbled;
}
