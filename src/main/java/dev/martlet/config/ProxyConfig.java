package dev.martlet.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The variable `PROXY_CONFIG`: services as a JSON object, by their names (seed 001).
final class ProxyConfig {
    static final String VARIABLE = "PROXY_CONFIG";

    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .reader();

    private static final String SHAPE = "a JSON object of services, as {\"custom\":{\"host\":\"api.custom.com\"}}";

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private ProxyConfig() {}

    static ProxyConfig read(Reading reading) {
        ProxyConfig config = new ProxyConfig();
        reading.variables().find(VARIABLE).ifPresent(given -> config.read(given, reading));
        return config;
    }

    private void read(Given variable, Reading reading) {
        JsonNode root = parsed(variable, reading.findings());
        if (root.isMissingNode()) return;
        if (!root.isObject()) reading.findings().problem(variable.shownAs(shape(root)), SHAPE);
        root.properties().forEach(one -> add(one.getKey(), one.getValue(), variable, reading));
    }

    private void add(String name, JsonNode value, Given variable, Reading reading) {
        Given given = new Given(variable.place(), VARIABLE + "." + Quote.ofName(name), "", shape(value));
        if (value.isObject()) entries.put(name, new Entry(given, value, reading));
        else reading.findings().problem(given, "an object, as {\"host\":\"api.custom.com\"}");
    }

    /// Nothing of it is printed: it may hold credentials.
    private static JsonNode parsed(Given variable, Findings findings) {
        try {
            return JSON.readTree(variable.text());
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = "line " + at.getLineNr() + ", column " + at.getColumnNr();
            findings.problem(variable.place(), VARIABLE + " is not JSON: a fault at " + where + "; allowed " + SHAPE);
            return JsonNodeFactory.instance.missingNode();
        }
    }

    Set<String> names() {
        return entries.keySet();
    }

    Optional<Entry> entry(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    private static String shape(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case NULL, MISSING -> "empty";
            case STRING, NUMBER, BOOLEAN, BINARY, POJO -> Quote.of(node.asText());
        };
    }

    /// One service. Its fields are those of the seed; what it does not know is named in the log and not refused.
    static final class Entry {
        private final Given given;
        private final JsonNode fields;
        private final Reading reading;
        private final Set<String> unasked = new TreeSet<>();

        private Entry(Given given, JsonNode fields, Reading reading) {
            this.given = given;
            this.fields = fields;
            this.reading = reading;
            fields.fieldNames().forEachRemaining(unasked::add);
        }

        /// A text, a number or a word.
        <T> Offer<T> offer(String field, Kind<T> kind) {
            return offer(kind, texts(field, fields.path(field), kind, false));
        }

        /// An array of them.
        <T> Offer<T> offers(String field, Kind<T> kind) {
            return offer(kind, texts(field, fields.path(field), kind, true));
        }

        boolean has(String field) {
            return fields.hasNonNull(field);
        }

        /// Whether a field is an array without anything in it.
        boolean isEmptyArray(String field) {
            return fields.path(field).isArray() && fields.path(field).isEmpty();
        }

        /// The members of an object, each a text.
        <T> Map<String, Offer<T>> members(String field, Kind<T> kind) {
            unasked.remove(field);
            JsonNode object = fields.path(field);
            Map<String, Offer<T>> members = new LinkedHashMap<>();
            if (object.isObject()) {
                object.properties()
                        .forEach(one -> {
                            String path = field + "." + Quote.ofName(one.getKey());
                            members.put(one.getKey(), offer(kind, texts(path, one.getValue(), kind, false)));
                        });
            } else if (!isSilent(object)) {
                refuse(field, object, "an object of names and texts");
            }
            return members;
        }

        Place place() {
            return given.place();
        }

        /// Reports a field that must be there.
        void miss(String field, Kind<?> kind) {
            reading.findings().problem(new Given(place(), given.name() + "." + field, "", "missing"), kind.allowed());
        }

        /// Remarks the fields that nobody asked for.
        void noteUnasked() {
            if (unasked.isEmpty()) return;
            String names = String.join(", ", unasked.stream().map(Quote::ofName).toList());
            reading.findings().remark(given.name() + ": " + names + " ignored: unknown");
        }

        private <T> Offer<T> offer(Kind<T> kind, List<Given> texts) {
            return new Offer<>(VARIABLE + " (" + given.place().source() + ")", texts, kind);
        }

        private List<Given> texts(String field, JsonNode value, Kind<?> kind, boolean array) {
            unasked.remove(field);
            if (isSilent(value)) return List.of();
            List<Given> texts = new ArrayList<>();
            if (array ? !value.isArray() : !value.isValueNode()) {
                refuse(field, value, array ? "an array of these: " + kind.allowed() : kind.allowed());
                return List.of();
            }
            Iterable<JsonNode> elements = array ? value : Arrays.asList(value);
            for (JsonNode element : elements) {
                texts.add(Given.written(given.place(), given.name() + "." + field, element.asText()));
            }
            return texts;
        }

        private static boolean isSilent(JsonNode value) {
            return value.isMissingNode() || value.isNull();
        }

        private void refuse(String field, JsonNode value, String allowed) {
            Given wrong = new Given(given.place(), given.name() + "." + field, "", shape(value));
            reading.findings().problem(wrong, allowed);
        }
    }
}
