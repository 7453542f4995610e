package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.martlet.dialect.ModelList.Model;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

@DisplayName("A list of models")
class ModelListTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"object\":\"list\",\"data\":[{\"id\":\"a\",\"created\":5,\"owned_by\":\"o\"},{\"id\":\"b\"}]}|a 5 o,"
                        + " b 0 us",
                "{\"data\":[{\"id\":\"a\",\"created\":null,\"owned_by\":null}]}|a 0 us",
                "{\"data\":[{\"id\":\"a\",\"created\":-1},{\"id\":1},{\"x\":1},null,\"b\"]}|a 0 us, b 0 us",
                "[{\"id\":\"a\"}]|a 0 us",
                "{\"models\":[{\"name\":\"a\"}]}|a 0 us",
                "{\"models\":[{\"name\":\"models/a\",\"supportedGenerationMethods\":[\"countTokens\",\"generateContent\"]},"
                    + "{\"name\":\"models/film\",\"supportedGenerationMethods\":[\"predict\"]},{\"name\":\"tunedModels/b\",\"supportedGenerationMethods\":[\"embedContent\"]}]}|a"
                    + " 0 us, tunedModels/b 0 us",
                "{\"items\":[{\"name\":\"a\",\"id\":7}]}|a 0 us",
                "{\"data\":[{\"id\":\"\"},{\"id\":\"a\\nb\"}]}|``",
                "{\"data\":[{\"type\":\"model\",\"id\":\"a\",\"created_at\":\"2025-11-24T00:00:00Z\"},{\"id\":\"b\","
                        + "\"created_at\":\"1970-01-01T00:00:00Z\"},{\"id\":\"c\",\"created_at\":\"once\"}]}"
                        + "|a 1763942400 us, b 0 us, c 0 us",
                "{\"data\":[]}|``"
            })
    void isReadAsProvidersWriteIt(String json, String expected) {
        List<Model> models = ModelList.read(json.getBytes(UTF_8), "us").orElseThrow();
        List<String> words =
                models.stream().map(model -> model.id() + " " + model.created() + " " + model.ownedBy()).toList();
        assertEquals(expected, String.join(", ", words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "{\"data\":", "{}", "{\"data\":{}}", "null", "1", "{\"error\":{}}"})
    void isNoneWhenThereIsNoList(String json) {
        assertEquals(Optional.empty(), ModelList.read(json.getBytes(UTF_8), "us"));
    }

    @Test
    void isBounded() {
        String many = "[" + "\"a\",".repeat(20_000) + "\"a\"]";
        assertEquals(10_000, ModelList.read(many.getBytes(UTF_8), "us").orElseThrow().size());
        String longName = "[\"" + "a".repeat(513) + "\"]";
        assertEquals(List.of(), ModelList.read(longName.getBytes(UTF_8), "us").orElseThrow());
    }

    @Test
    void isWrittenAsOpenAiDoes() {
        List<Model> models = List.of(new Model("a", 5, "o"), new Model("b/\"c\"", 0, "us"));
        assertEquals(
                "{\"object\":\"list\",\"data\":[{\"id\":\"a\",\"object\":\"model\",\"created\":5,\"owned_by\":\"o\"},"
                        + "{\"id\":\"b/\\\"c\\\"\",\"object\":\"model\",\"created\":0,\"owned_by\":\"us\"}]}",
                new String(ModelList.write(models), UTF_8));
        assertEquals(
                "{\"id\":\"a\",\"object\":\"model\",\"created\":5,\"owned_by\":\"o\"}",
                new String(ModelList.write(models.getFirst()), UTF_8));
        assertEquals(Optional.of(models), ModelList.read(ModelList.write(models), "us"));
    }
}
