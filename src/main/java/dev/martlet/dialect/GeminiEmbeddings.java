package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Vectors for texts: `batchEmbedContents`, the request and its answer, there and back.
final class GeminiEmbeddings {
    /// Of a batch (ai.google.dev, "Embeddings").
    private static final int TEXTS_MAX = 100;

    private GeminiEmbeddings() {}

    static ObjectNode fromHub(Inquiry inquiry, Losses losses) {
        Given hub = Given.of(inquiry.body());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode requests = body.putArray("requests");
        Optional<Integer> dimensions = hub.at("dimensions").count();
        if (hub.at("input").isAbsent()) throw hub.at("input").wrong("a string or an array of strings");
        List<Given> inputs = hub.at("input").oneOrMany();
        if (inputs.size() > TEXTS_MAX && inputs.getFirst().isText())
            throw losses.refused("input", "it takes " + TEXTS_MAX + " texts at once");
        for (Given input : inputs) {
            if (!input.isText()) throw losses.refused(input.path(), "its tokens are others; send the text");
            ObjectNode request = requests.addObject().put("model", GeminiModel.resource(inquiry.model()));
            request.putObject("content").putArray("parts").addObject().put("text", input.required());
            dimensions.ifPresent(count -> request.put("outputDimensionality", count));
        }
        for (Given field : hub.members()) {
            if (!List.of("model", "input", "dimensions", "encoding_format").contains(field.name()))
                losses.drop(field.path());
        }
        return body;
    }

    static ObjectNode toHub(Given asked, Losses losses) {
        ObjectNode hub = JsonNodeFactory.instance.objectNode();
        List<Given> requests = asked.at("requests").isPresent() ? asked.at("requests").list() : List.of(asked);
        if (requests.isEmpty()) throw asked.at("requests").wrong("an array of at least one request");
        ArrayNode input = hub.putArray("input");
        Set<Integer> dimensions = new HashSet<>();
        for (Given request : requests) {
            input.add(text(request.at("content"), losses));
            dimensions.add(request.at("outputDimensionality").count().orElse(0));
            for (String helpful : List.of("taskType", "title", "autoTruncate")) {
                if (request.at(helpful).isPresent()) losses.drop(request.at(helpful).path());
            }
        }
        if (dimensions.size() > 1)
            throw asked.at("requests").wrong("an array of requests with one outputDimensionality");
        dimensions.stream().filter(count -> count > 0).forEach(count -> hub.put("dimensions", count));
        return hub;
    }

    private static String text(Given content, Losses losses) {
        StringBuilder text = new StringBuilder();
        for (Given part : content.at("parts").oneOrMany()) {
            if (part.at("text").isAbsent()) throw losses.refused(part.path(), "only text has vectors there");
            text.append(part.at("text").required());
        }
        return text.toString();
    }

    /// The answer in the words of the hub: vectors as arrays of numbers.
    ///
    /// @throws Garbled if it has none
    static ObjectNode answerToHub(ObjectNode answer, Heading heading) throws Garbled {
        ObjectNode hub = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = hub.putArray("data");
        JsonNode vectors = answer.path("embeddings");
        if (!vectors.isArray()) vectors = JsonNodeFactory.instance.arrayNode().add(answer.path("embedding"));
        for (JsonNode vector : vectors) {
            if (!vector.path("values").isArray()) throw new Garbled("an embedding has no values");
            ObjectNode embedding = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            embedding.set("embedding", vector.path("values"));
        }
        hub.put("model", heading.model());
        long tokens = answer.path("usageMetadata").path("promptTokenCount").asLong();
        hub.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return hub;
    }

    /// The answer of a provider of the hub's dialect, whose vectors are arrays of numbers or their bytes in base64.
    static ObjectNode answerFromHub(ObjectNode hub) throws Garbled {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode embeddings = answer.putArray("embeddings");
        if (!hub.path("data").isArray()) throw new Garbled("the answer has no data");
        for (JsonNode embedding : hub.path("data")) {
            embeddings.addObject().set("values", values(embedding.path("embedding")));
        }
        JsonNode tokens = hub.path("usage").path("prompt_tokens");
        if (tokens.isNumber()) answer.putObject("usageMetadata").set("promptTokenCount", tokens);
        return answer;
    }

    private static ArrayNode values(JsonNode vector) throws Garbled {
        if (vector instanceof ArrayNode values) return values;
        if (!vector.isTextual()) throw new Garbled("an embedding has no values");
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Base64.getDecoder().decode(vector.textValue())).order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.remaining() >= Float.BYTES) values.add(bytes.getFloat());
        } catch (IllegalArgumentException _) {
            throw new Garbled("an embedding is no base64");
        }
        return values;
    }
}
