package dev.martlet.dialect;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.martlet.Dialect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the providers themselves say a document of their dialect looks like: `src/test/resources/schemas/README.md`.
final class WireSchema {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<String, WireSchema> KNOWN = new ConcurrentHashMap<>();
    private static final Pattern ALTERNATIVE = Pattern.compile(".*/(?:anyOf|oneOf)/\\d+/");
    private static final Set<String> KINDS = Set.of("type", "role");
    private static final String CLOSED = "unevaluatedProperties";

    /// A document of a dialect; the names of the schemas' definitions.
    enum Document {
        REQUEST("Request"),
        ANSWER("Answer"),
        EVENT("Event"),
        ERROR("Error"),
        EMBEDDINGS_REQUEST("EmbeddingsRequest"),
        EMBEDDINGS_ANSWER("EmbeddingsAnswer");

        private final String definition;

        Document(String definition) {
            this.definition = definition;
        }
    }

    private final Schema schema;

    private WireSchema(Schema schema) {
        this.schema = schema;
    }

    /// For what we write: a name that the schema does not know is a fault.
    static WireSchema of(Dialect dialect, Document document) {
        return KNOWN.computeIfAbsent(dialect.word() + document, _ -> new WireSchema(read(dialect, document, true)));
    }

    /// For what providers wrote: those who speak a dialect add names of their own.
    static WireSchema open(Dialect dialect, Document document) {
        return KNOWN.computeIfAbsent(
                "open " + dialect.word() + document, _ -> new WireSchema(read(dialect, document, false)));
    }

    /// What is wrong with a document in a line, of all that is wrong what lies deepest; empty when nothing is.
    Optional<String> fault(JsonNode document) {
        List<Error> errors = meant(schema.validate(document));
        if (errors.isEmpty()) return Optional.empty();
        int deepest = errors.stream().mapToInt(WireSchema::depth).max().orElse(0);
        List<Error> there = errors.stream().filter(error -> depth(error) == deepest).toList();
        // Where something else is wrong no alternative fits, and so none knows any of the names.
        List<Error> other = there.stream().filter(error -> !unknown(error)).toList();
        return Optional.of(
                (other.isEmpty() ? there : other)
                        .stream().map(WireSchema::text).distinct().sorted().limit(3).collect(Collectors.joining("; ")));
    }

    /// Without those of alternatives that are of another kind: a block of text is no bad image.
    private static List<Error> meant(List<Error> errors) {
        Set<String> others =
                errors.stream().filter(WireSchema::ofOtherKind).map(WireSchema::alternative).collect(toSet());
        List<Error> meant =
                errors.stream().filter(error -> others.stream().noneMatch(path(error)::startsWith)).toList();
        Optional<Error> ofNoKind =
                meant.stream().filter(error -> unknown(error) && KINDS.contains(error.getProperty())).findFirst();
        if (ofNoKind.isEmpty() || meant.stream().anyMatch(error -> says(error, ofNoKind.get()))) return meant;
        int place = depth(ofNoKind.get());
        return errors.stream().filter(error -> ofOtherKind(error) && depth(error) == place + 1).toList();
    }

    /// Whether one says more than that no alternative fits.
    private static boolean says(Error error, Error ofNoKind) {
        boolean fits = unknown(error) || error.getKeyword().endsWith("Of");
        return !fits || depth(error) > depth(ofNoKind);
    }

    private static boolean unknown(Error error) {
        return error.getKeyword().equals(CLOSED);
    }

    private static boolean ofOtherKind(Error error) {
        String where = error.getInstanceLocation().toString();
        boolean fixed = error.getKeyword().equals("const") || error.getKeyword().equals("enum");
        boolean kind = KINDS.contains(where.substring(where.lastIndexOf('/') + 1));
        return fixed && kind && ALTERNATIVE.matcher(path(error)).find();
    }

    private static String alternative(Error error) {
        Matcher alternative = ALTERNATIVE.matcher(path(error));
        return alternative.find() ? alternative.group() : path(error);
    }

    private static String path(Error error) {
        return error.getEvaluationPath() + "/";
    }

    private static int depth(Error error) {
        return error.getInstanceLocation().getNameCount();
    }

    private static String text(Error error) {
        String text = error.getInstanceLocation() + " " + error.getMessage();
        return text.replace(" is not evaluated and the schema does not allow unevaluated properties", " is not known");
    }

    private static Schema read(Dialect dialect, Document document, boolean closed) {
        try (InputStream in =
                Objects.requireNonNull(WireSchema.class.getResourceAsStream("/schemas/" + dialect.word() + ".json"))) {
            ObjectNode all = (ObjectNode) JSON.readTree(in);
            if (!all.path("$defs").has(document.definition)) {
                throw new IllegalArgumentException(dialect.word() + " has no " + document.definition);
            }
            if (!closed) opened(all);
            return REGISTRY.getSchema(all.put("$ref", "#/$defs/" + document.definition));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void opened(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.path(CLOSED).isBoolean()) object.remove(CLOSED);
        schema.forEach(WireSchema::opened);
    }
}
