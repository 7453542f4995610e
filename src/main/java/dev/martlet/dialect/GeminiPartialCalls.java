package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Calls of functions whose arguments come piece by piece, each piece with the path of the value that it goes on with (Vertex,
/// `streamFunctionCallArguments`); made whole before anybody reads them.
final class GeminiPartialCalls {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// A step of a path (RFC 9535) behind its `$`: `.name`, `['name']` or `[0]`.
    private static final Pattern STEP =
            Pattern.compile("\\.([^.\\[\\]]+)|\\['([^']*)']|\\[\"([^\"]*)\"]|\\[([0-9]{1,4})]");

    private static final int INDEX = 4;
    private static final int STEPS_MAX = 64;

    /// Of the arguments of one call; each step of a path counts as what it can add.
    private static final int ARGUMENTS_BYTES_MAX = 4 << 20;

    private static final int STEP_BYTES = 128;

    private Optional<ObjectNode> open = Optional.empty();
    private ObjectNode arguments = NODES.objectNode();
    private String unended = "";
    private int bytes;

    /// Parts of which those that only begin a call, or go on with it, are left out; what ends it is the whole call.
    ArrayNode whole(ArrayNode parts) throws Garbled {
        if (!concerns(parts)) return parts;
        ArrayNode whole = NODES.arrayNode();
        for (JsonNode part : parts) {
            if (part.path("functionCall") instanceof ObjectNode call && (open.isPresent() || isPiece(call))) {
                take(Shape.object(part, "a part"), call);
                if (!call.path("willContinue").asBoolean()) whole.add(ended());
            } else {
                whole.add(part);
            }
        }
        return whole;
    }

    private boolean concerns(ArrayNode parts) {
        if (open.isPresent()) return true;
        for (JsonNode part : parts) {
            if (isPiece(part.path("functionCall"))) return true;
        }
        return false;
    }

    private static boolean isPiece(JsonNode call) {
        return call.has("willContinue") || call.has("partialArgs");
    }

    private void take(ObjectNode part, ObjectNode call) throws Garbled {
        if (open.isEmpty()) {
            ObjectNode begun = NODES.objectNode().setAll(part);
            ObjectNode begunCall = begun.putObject("functionCall").setAll(call);
            open = Optional.of(begun);
            begunCall.remove(List.of("willContinue", "partialArgs"));
            if (call.path("args") instanceof ObjectNode given) arguments.setAll(given);
        }
        for (JsonNode piece : call.path("partialArgs")) put(piece);
    }

    private ObjectNode ended() {
        ObjectNode part = open.orElseThrow();
        if (part.path("functionCall") instanceof ObjectNode call) call.set("args", arguments);
        open = Optional.empty();
        arguments = NODES.objectNode();
        unended = "";
        bytes = 0;
        return part;
    }

    private void put(JsonNode piece) throws Garbled {
        String path = piece.path("jsonPath").asText("");
        if (!path.startsWith("$")) throw new Garbled("a piece of arguments without a place");
        List<String> steps = new ArrayList<>();
        Matcher step = STEP.matcher(path);
        int end = 1;
        while (step.find(end) && step.start() == end) {
            steps.add(step.group());
            end = step.end();
        }
        boolean sound = end == path.length() && !steps.isEmpty() && steps.size() <= STEPS_MAX;
        if (!sound) throw new Garbled("a piece of arguments without a place");
        boolean goesOn = path.equals(unended);
        bytes += piece.path("stringValue").asText("").length();
        if (!goesOn) bytes += path.length() + steps.size() * STEP_BYTES;
        if (bytes > ARGUMENTS_BYTES_MAX) throw new Garbled("the arguments of a call are too large");
        if (put(arguments, steps, piece, goesOn) instanceof ObjectNode grown) arguments = grown;
        unended = piece.path("willContinue").asBoolean() ? path : "";
    }

    /// What stands at a place once a piece has come to where the steps lead from there.
    private static JsonNode put(JsonNode at, List<String> steps, JsonNode piece, boolean goesOn) throws Garbled {
        if (steps.isEmpty()) return value(goesOn ? at.asText("") : "", piece);
        List<String> further = steps.subList(1, steps.size());
        Matcher step = STEP.matcher(steps.getFirst());
        if (!step.matches()) throw new IllegalStateException("it was a step before");
        if (step.group(INDEX) == null) {
            ObjectNode object = at instanceof ObjectNode there ? there : NODES.objectNode();
            String name =
                    IntStream.range(1, INDEX).mapToObj(step::group).filter(Objects::nonNull).findFirst().orElseThrow();
            return object.set(name, put(object.path(name), further, piece, goesOn));
        }
        ArrayNode array = at instanceof ArrayNode there ? there : NODES.arrayNode();
        int index = Integer.parseInt(step.group(INDEX));
        if (index > array.size()) throw new Garbled("a piece of arguments with no other in front of it");
        JsonNode value = put(array.path(index), further, piece, goesOn);
        if (index == array.size()) return array.add(value);
        array.set(index, value);
        return array;
    }

    private static JsonNode value(String before, JsonNode piece) throws Garbled {
        JsonNode plain = piece.has("numberValue") ? piece.path("numberValue") : piece.path("boolValue");
        if (plain.isContainerNode()) throw new Garbled("a piece of arguments is no plain value");
        if (!plain.isMissingNode()) return plain;
        if (piece.has("nullValue")) return NODES.nullNode();
        return NODES.textNode(before + piece.path("stringValue").asText(""));
    }
}
