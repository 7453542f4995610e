package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Operation.Kind;
import dev.martlet.dialect.Translation.Translated;
import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

/// Requests that OpenAI takes, and Anthropic would answer with 400 if they came as they are.
@DisplayName("A request for an Anthropic channel")
class AnthropicRequestTest {
    private static final String LOOK = "'type':'function','function':{'name':'look','arguments':'{}'}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"a.b:0|a.b:0|a_b_0,a_b_0_2", "``|``|call_look,call_look_2", "x|x_2|x,x_2", "x_2|x|x_2,x"})
    @DisplayName("gives every call an id of its own (\"`tool_use` ids must be unique\")")
    void calls(String first, String second, String expected) {
        ObjectNode body = sent("'messages':[" + turn(first) + "," + turn(second) + "]");
        assertEquals(expected, String.join(",", body.findValuesAsText("id")));
        assertEquals(expected, String.join(",", body.findValuesAsText("tool_use_id")));
    }

    @Test
    void callsOneFunctionTwice() {
        String turn =
                "{'role':'user','content':'x'},{'role':'assistant','function_call':{'name':'look','arguments':'{}'}},"
                        + "{'role':'function','name':'look','content':'1'}";
        ObjectNode body = sent("'messages':[" + turn + "," + turn + "]");
        assertEquals("call_look,call_look_2", String.join(",", body.findValuesAsText("id")));
        assertEquals("call_look,call_look_2", String.join(",", body.findValuesAsText("tool_use_id")));
    }

    @Test
    @DisplayName("takes time in proportion to its length, however many calls wait for their results")
    void manyCalls() {
        int count = 100_000;
        StringBuilder json = new StringBuilder("'messages':[{'role':'assistant','tool_calls':[");
        for (int i = 0; i < count; i++) json.append(i == 0 ? "" : ",").append("{'id':'c").append(i).append("',").append(LOOK).append('}');
        json.append("]}");
        for (int i = count - 1; i >= 0; i--) json.append(",{'role':'tool','tool_call_id':'c").append(i).append("'}");
        ObjectNode body = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> sent(json.append(']').toString()));
        JsonNode results = body.path("messages").path(1).path("content");
        assertEquals(count, results.size());
        assertEquals("c0", results.path(count - 1).path("tool_use_id").asText());
    }

    private static String turn(String id) {
        return "{'role':'user','content':'x'},{'role':'assistant','tool_calls':[{'id':'" + id + "'," + LOOK + "}]},"
                + "{'role':'tool','tool_call_id':'" + id + "','content':'1'}";
    }

    private static ObjectNode sent(String fields) {
        return tree(translated("claude-sonnet-4-5", fields).body());
    }

    private static Translated translated(String model, String fields) {
        ObjectNode hub = tree(("{" + fields + "}").replace('\'', '"').getBytes(UTF_8));
        return Translation.between(Dialect.OPENAI, Dialect.ANTHROPIC).request(Kind.CHAT, hub, model, false);
    }

    private static ObjectNode tree(byte[] json) {
        return (ObjectNode) JsonTree.read(json).orElseThrow();
    }
}
