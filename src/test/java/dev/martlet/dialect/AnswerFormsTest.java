package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.martlet.Dialect;
import dev.martlet.Fields;
import dev.martlet.Operation;
import dev.martlet.Operation.Kind;
import dev.martlet.dialect.Heading.Form;
import dev.martlet.wire.JsonTree;
import dev.martlet.wire.SseEvent;
import dev.martlet.wire.SseReader;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a caller of OpenAI's dialect asks to be written in another form than the usual.
@DisplayName("An answer in the form that was asked for")
class AnswerFormsTest {
    @Test
    void hasVectorsInBase64() throws Garbled {
        String answer = "{'embeddings':[{'values':[0.5,-0.25]}]}";
        JsonNode usual = translated(Dialect.GEMINI, Kind.EMBEDDINGS, answer, Set.of());
        assertEquals("[0.5,-0.25]", usual.at("/data/0/embedding").toString());
        JsonNode asked = translated(Dialect.GEMINI, Kind.EMBEDDINGS, answer, Set.of(Form.VECTORS_IN_BASE64));
        assertEquals("AAAAPwAAgL4=", asked.at("/data/0/embedding").textValue());
    }

    @Test
    void callsAFunction() throws Garbled {
        String answer =
                "{'candidates':[{'content':{'parts':[{'functionCall':{'name':'f','args':{'a':1}}}]},'finishReason':'STOP'}]}";
        JsonNode choice = translated(Dialect.GEMINI, Kind.CHAT, answer, Set.of(Form.FUNCTION_CALL)).at("/choices/0");
        assertEquals(
                "{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}", choice.at("/message/function_call").toString());
        assertEquals("function_call", choice.path("finish_reason").asText());
        assertFalse(choice.path("message").has("tool_calls"));
    }

    @Test
    void callsAFunctionInAStream() throws Garbled, IOException {
        String stream =
                """
                data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"a":1}}}]}}]}

                data: {"candidates":[{"content":{"parts":[]},"finishReason":"STOP"}]}

                """;
        Heading heading = heading(Set.of(Form.FUNCTION_CALL));
        StreamTranslation translation = Translation.between(Dialect.OPENAI, Dialect.GEMINI).stream(heading);
        SseReader reader = new SseReader(new ByteArrayInputStream(stream.getBytes(UTF_8))::read);
        List<byte[]> written = new ArrayList<>();
        for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
            written.addAll(translation.next(event.get()));
        }
        written.addAll(translation.end());
        StringBuilder calls = new StringBuilder();
        for (byte[] event : written) {
            JsonNode choice =
                    JsonTree.read(new String(event, UTF_8).substring("data: ".length()).getBytes(UTF_8))
                            .map(data -> data.at("/choices/0"))
                            .orElseGet(() -> JsonTree.read("{}".getBytes(UTF_8)).orElseThrow());
            JsonNode call = choice.at("/delta/function_call");
            calls.append(call.path("name").asText("")).append(call.path("arguments").asText(""));
            if (choice.path("finish_reason").isTextual()) calls.append(choice.path("finish_reason").asText());
        }
        assertEquals("f{\"a\":1}function_call", calls.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'m'}|[]",
                "{'model':'m','encoding_format':'float'}|[]",
                "{'model':'m','encoding_format':'base64'}|[VECTORS_IN_BASE64]",
                "{'model':'m','functions':[]}|[]",
                "{'model':'m','functions':[{'name':'f'}]}|[FUNCTION_CALL]",
                "{'model':'m','functions':[{'name':'f'}],'tools':[]}|[FUNCTION_CALL]",
                "{'model':'m','functions':[{'name':'f'}],'tools':[{}]}|[]",
            })
    void isReadFromTheRequest(String body, String forms) {
        Operation chat = new Operation(Kind.CHAT, "/chat/completions");
        byte[] json = body.replace('\'', '"').getBytes(UTF_8);
        assertEquals(forms, RequestReading.of(chat, json, Fields.NONE).forms().toString());
    }

    private static JsonNode translated(Dialect channel, Kind kind, String answer, Set<Form> forms) throws Garbled {
        byte[] json = answer.replace('\'', '"').getBytes(UTF_8);
        byte[] translated = Translation.between(Dialect.OPENAI, channel).answer(kind, json, heading(forms));
        return JsonTree.read(translated).orElseThrow();
    }

    private static Heading heading(Set<Form> forms) {
        return new Heading("id", 1, "model", true, forms);
    }
}
