package dev.martlet.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Fields;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Lists of models: read as providers write them, written as OpenAI does.
public final class ModelList {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MODELS_MAX = 10_000;
    private static final int NAME_CHARACTERS_MAX = 512;
    private static final List<String> LISTS = List.of("data", "models", "items");
    private static final String FOLDER = "models/";
    private static final List<String> NAMES = List.of("id", "name", "model");

    /// What Google calls the methods that calls of ours may become.
    private static final Set<String> METHODS = Set.of("generateContent", "embedContent");

    private ModelList() {}

    /// A model of a list.
    ///
    /// @param created seconds since 1970; 0 when nobody said
    /// @param ownedBy who offers it
    public record Model(String id, long created, String ownedBy) {}

    /// How a provider is asked for its list.
    ///
    /// @param path   below the version part of a base URL
    /// @param query  that makes it the whole list; empty for none
    /// @param fields that belong to every request of the dialect
    public record Question(String path, String query, Fields fields) {}

    /// How those are asked who speak a dialect.
    public static Question question(Dialect dialect) {
        return switch (dialect) {
            case OPENAI, RESPONSES -> new Question("/models", "", Fields.NONE);
            case GEMINI -> new Question("/models", "pageSize=1000", Fields.NONE);
            case ANTHROPIC -> new Question("/models", "limit=1000", Idiom.of(dialect).fields());
        };
    }

    /// Reads what a provider answers at `/models`: a list under `data`, or however else it is called, or nothing but the list.
    ///
    /// @param offeredBy who offers the models of which that is not said
    /// @return empty when it is no list at all
    public static Optional<List<Model>> read(byte[] json, String offeredBy) {
        try {
            return Optional.ofNullable(JSON.readTree(json))
                    .flatMap(ModelList::list)
                    .map(list -> models(list, offeredBy));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> list(JsonNode answer) {
        if (answer.isArray()) return Optional.of(answer);
        return LISTS.stream().map(answer::path).filter(JsonNode::isArray).findFirst();
    }

    private static List<Model> models(JsonNode list, String offeredBy) {
        List<Model> models = new ArrayList<>();
        for (JsonNode entry : list) {
            if (models.size() == MODELS_MAX) break;
            name(entry)
                    .ifPresent(
                            id -> models.add(new Model(id, created(entry), entry.path("owned_by").asText(offeredBy))));
        }
        return List.copyOf(models);
    }

    /// In seconds since 1970, or as Anthropic has it, a time as RFC 3339 has it.
    private static long created(JsonNode entry) {
        try {
            String time = entry.path("created_at").asText("");
            long created = time.isEmpty() ? entry.path("created").asLong(0) : Instant.parse(time).getEpochSecond();
            return Math.max(0, created);
        } catch (DateTimeException e) {
            return 0;
        }
    }

    private static Optional<String> name(JsonNode entry) {
        if (entry.isTextual()) return usual(entry);
        if (entry.path("supportedGenerationMethods").isArray()) return googles(entry);
        return NAMES.stream().map(entry::path).flatMap(name -> usual(name).stream()).findFirst();
    }

    /// Google has models that only do other things: sing, film, talk back.
    private static Optional<String> googles(JsonNode entry) {
        for (JsonNode method : entry.path("supportedGenerationMethods")) {
            if (METHODS.contains(method.asText())) return usual(entry.path("name")).map(ModelList::withoutFolder);
        }
        return Optional.empty();
    }

    private static String withoutFolder(String name) {
        return name.startsWith(FOLDER) ? name.substring(FOLDER.length()) : name;
    }

    private static Optional<String> usual(JsonNode name) {
        return Optional.ofNullable(name.textValue())
                .filter(text -> !text.isBlank() && text.length() <= NAME_CHARACTERS_MAX)
                .filter(text -> text.chars().noneMatch(Character::isISOControl));
    }

    /// The answer to `GET /v1/models`.
    public static byte[] write(List<Model> models) {
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        models.forEach(model -> data.add(node(model)));
        return bytes(list);
    }

    /// The answer to `GET /v1/models/{id}`.
    public static byte[] write(Model model) {
        return bytes(node(model));
    }

    private static ObjectNode node(Model model) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", model.id())
                .put("object", "model")
                .put("created", model.created())
                .put("owned_by", model.ownedBy());
    }

    private static byte[] bytes(JsonNode node) {
        return node.toString().getBytes(StandardCharsets.UTF_8);
    }
}
