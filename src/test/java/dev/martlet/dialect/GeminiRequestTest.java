package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Operation.Kind;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.dialect.Translation.Translated;
import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What OpenAI takes and Google would answer with 400, or read as something else. JSON is written with single quotes here.
@DisplayName("A request of OpenAI's on its way to Gemini")
class GeminiRequestTest {
    private static final String FLASH = "gemini-2.5-flash";
    private static final String USER = "{'role':'user','content':'Hello'}";
    private static final String SYSTEM = "{'role':'system','content':'Be brief'}";
    private static final String MODEL = "{'role':'assistant','content':'Hi'}";
    private static final String CALLS =
            "{'role':'assistant','tool_calls':[" + call("a", "1") + "," + call("b", "2") + "]}";

    private static String call(String id, String city) {
        return "{'id':'" + id + "','type':'function','function':{'name':'f','arguments':'" + city + "'}}";
    }

    private static String result(String id, String content) {
        return "{'role':'tool','tool_call_id':'" + id + "','content':'" + content + "'}";
    }

    /// Texts of turns, with functions and what came of them.
    private static String conversation(String model, String... messages) {
        Translated there = translated(Kind.CHAT, model, "{'messages':[" + String.join(",", messages) + "]}");
        JsonNode body = JsonTree.read(there.body()).orElseThrow();
        StringBuilder said = new StringBuilder();
        for (JsonNode part : body.path("systemInstruction").path("parts")) said.append("system: ").append(told(part));
        for (JsonNode content : body.path("contents")) {
            said.append(said.isEmpty() ? "" : " ").append(content.path("role").asText()).append(':');
            for (JsonNode part : content.path("parts")) said.append(' ').append(told(part));
        }
        return said.toString();
    }

    private static String told(JsonNode part) {
        if (part.has("functionCall")) return "call(" + part.at("/functionCall/args/INVALID_JSON").asText() + ")";
        if (part.has("functionResponse"))
            return "result(" + part.at("/functionResponse/response/output").asText() + ")";
        return part.path("text").asText();
    }

    private static Translated translated(Kind kind, String model, String json) {
        ObjectNode hub = (ObjectNode) JsonTree.read(json.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
        return Translation.between(Dialect.OPENAI, Dialect.GEMINI).request(kind, hub, model, false);
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash, models/gemini-2.5-flash",
        "models/gemini-2.5-flash, models/gemini-2.5-flash",
        "tunedModels/mine-1, tunedModels/mine-1",
        "gemini-2.5-pro:thinking, models/gemini-2.5-pro:thinking",
        "a b, models/a%20b",
        "models/x/../../files?key=y#, models/x%2F..%2F..%2Ffiles%3Fkey%3Dy%23",
        "../../files, models/..%2F..%2Ffiles"
    })
    @DisplayName("goes to the model, whatever its name")
    void paths(String model, String path) {
        String chat = "{'messages':[" + USER + "]}";
        assertEquals("/" + path + ":generateContent", translated(Kind.CHAT, model, chat).path());
        Translated vectors = translated(Kind.EMBEDDINGS, model, "{'input':'x'}");
        assertEquals("/" + path + ":batchEmbedContents", vectors.path());
        assertEquals(path, JsonTree.read(vectors.body()).orElseThrow().at("/requests/0/model").asText());
    }

    @Test
    @DisplayName("has the results of functions in the order of their calls, which is all that tells them apart there")
    void ordersResults() {
        String calls = CALLS.replace("'a'", "'call_mt_x_0_0'").replace("'b'", "'call_mt_x_0_1'");
        assertEquals(
                "user: Hello model: call(1) call(2) user: result(one) result(two) Hello",
                conversation(FLASH, USER, calls, result("call_mt_x_0_1", "two"), result("call_mt_x_0_0", "one"), USER));
    }

    @Test
    @DisplayName("has them in the order of the last calls where ids come again")
    void ordersResultsOfIdsThatComeAgain() {
        String again = "{'role':'assistant','tool_calls':[" + call("b", "3") + "," + call("a", "4") + "]}";
        assertEquals(
                "user: Hello model: call(1) call(2) user: result(1) result(2) model: call(3) call(4) user: result(3)"
                        + " result(4)",
                conversation(
                        FLASH,
                        USER,
                        CALLS,
                        result("a", "1"),
                        result("b", "2"),
                        again,
                        result("a", "4"),
                        result("b", "3")));
    }

    @Test
    @DisplayName("never begins with a call of a function")
    void beginsWithUser() {
        assertEquals(
                "user: . model: call(1) call(2) user: result(one) result(two)",
                conversation(FLASH, CALLS, result("a", "one"), result("b", "two")));
        assertEquals("model: Hi user: Hello", conversation(FLASH, MODEL, USER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "USER,CALLS,RESULTS|1",
                "CALLS,RESULTS|1",
                "USER,CALLS,RESULTS,{'role':'user','content':''}|1",
                "USER,CALLS,RESULTS,USER|0",
                "USER,{'role':'assistant','extra_content':{'google':{'parts':[{'functionCall':{'name':'f'}}]}}}|1",
            })
    @DisplayName("has a signature in the first of the calls that the user has not spoken since")
    void signs(String messages, int signed) {
        String results = result("a", "one") + "," + result("b", "two");
        String json = messages.replace("USER", USER).replace("CALLS", CALLS).replace("RESULTS", results);
        Translated there = translated(Kind.CHAT, "gemini-3.1-pro-preview", "{'messages':[" + json + "]}");
        JsonNode body = JsonTree.read(there.body()).orElseThrow();
        JsonNode first = body.at("/contents/1/parts/0/thoughtSignature");
        assertEquals(signed == 1 ? "skip_thought_signature_validator" : "", first.asText());
        assertEquals(signed, body.findValues("thoughtSignature").size(), body.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash, user: Hello model: Hi",
        "gemini-3.1-pro-preview, user: Hello model: Hi",
        "gemini-3.5-flash-lite, user: Hello model: Hi user: .",
        "gemini-3.8-flash, user: Hello model: Hi user: .",
        "gemini-4-argon, user: Hello model: Hi user: .",
        "gemini-flash-latest, user: Hello model: Hi user: ."
    })
    @DisplayName("ends with the user where the model does not go on with what it said")
    void endsWithUser(String model, String expected) {
        assertEquals(expected, conversation(model, USER, MODEL));
    }

    @ParameterizedTest
    @CsvSource({
        "gemma-3-27b-it, user: Be brief Hello",
        "gemma-3n-e4b-it, user: Be brief Hello",
        "gemma-4-31b-it, system: Be brief user: Hello",
        "gemini-2.5-flash, system: Be brief user: Hello"
    })
    @DisplayName("has the system text in the first words of the user where it cannot stand apart")
    void systemText(String model, String expected) {
        assertEquals(expected, conversation(model, SYSTEM, USER));
    }

    @Test
    @DisplayName("has the system text before all where the model spoke first")
    void systemTextBeforeModel() {
        assertEquals("user: Be brief model: Hi user: Hello", conversation("gemma-3-27b-it", SYSTEM, MODEL, USER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemini-2.5-flash|'tools':[TOOL]|told",
                "gemini-2.5-flash|'functions':[{'name':'f'}]|told",
                "gemini-2.5-flash|'web_search_options':{}|told",
                "gemini-2.5-flash|'tools':[TOOL],'tool_choice':'none'|bound",
                "gemini-2.5-flash|'tools':[]|bound",
                "gemini-3.1-pro-preview|'tools':[TOOL]|bound",
            })
    @DisplayName("has in its system text the form that it cannot be bound to beside tools")
    void jsonBesideTools(String model, String tools, String expected) {
        String format =
                "'response_format':{'type':'json_schema','json_schema':{'strict':true,'schema':{'type':'object'}}}";
        String json = "{'messages':[" + SYSTEM + "," + USER + "]," + format + "," + tools + "}";
        Translated there =
                translated(Kind.CHAT, model, json.replace("TOOL", "{'type':'function','function':{'name':'f'}}"));
        JsonNode body = JsonTree.read(there.body()).orElseThrow();
        boolean bound = body.at("/generationConfig/responseMimeType").asText().equals("application/json");
        boolean told = body.at("/systemInstruction/parts/1/text").asText().endsWith("schema:\n{\"type\":\"object\"}");
        assertEquals(expected, (bound ? "bound" : "") + (told ? "told" : ""));
        assertEquals(bound ? List.of() : List.of("response_format.json_schema.strict"), there.dropped());
        assertEquals("Be brief", body.at("/systemInstruction/parts/0/text").asText());
    }

    @ParameterizedTest
    @CsvSource({"gemini-2.5-flash, ''", "gemini-3.1-pro-preview, a b a b", "gemini-flash-latest, a b a b"})
    @DisplayName("has the ids of calls for those that know them")
    void ids(String model, String expected) {
        String json = "{'messages':[" + USER + "," + CALLS + "," + result("a", "1") + "," + result("b", "2") + "]}";
        JsonNode body = JsonTree.read(translated(Kind.CHAT, model, json).body()).orElseThrow();
        assertEquals(expected, String.join(" ", body.findValuesAsText("id")));
    }

    @Test
    @DisplayName("has functions beside what runs at Google, from Gemini 3 on, if it says so")
    void combinesTools() {
        String json =
                ("{'messages':[" + USER + "],'web_search_options':{},'tools':[TOOL],'tool_choice':'auto'}")
                        .replace("TOOL", "{'type':'function','function':{'name':'f'}}");
        JsonNode body = JsonTree.read(translated(Kind.CHAT, "gemini-3.8-flash", json).body()).orElseThrow();
        assertEquals(
                "{\"includeServerSideToolInvocations\":true,\"functionCallingConfig\":{\"mode\":\"VALIDATED\"}}",
                body.path("toolConfig").toString());
        assertEquals(
                "[{\"functionDeclarations\":[{\"name\":\"f\"}]},{\"googleSearch\":{}}]", body.path("tools").toString());
        assertEquals(Optional.of("tools"), param(FLASH, json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemini-2.5-flash|'modalities':['text','audio']|modalities[1]",
                "gemini-2.5-flash|'n':8|",
                "gemini-2.5-flash|'n':9|n",
                "gemini-4-argon|'n':1|",
                "gemini-4-argon|'n':2|n",
                "gemini-2.5-flash|'stop':['1','2','3','4','5','']|",
                "gemini-2.5-flash|'stop':['1','2','3','4','5','6']|stop",
            })
    @DisplayName("is refused when it wants more than the model gives: another channel may")
    void wantsTooMuch(String model, String field, String refused) {
        assertEquals(Optional.ofNullable(refused), param(model, "{'messages':[" + USER + "]," + field + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "reasoning_content", "annotations"})
    @DisplayName("says what of an earlier answer does not go back")
    void namesWhatIsLost(String field) {
        String answer = MODEL.replace("}", ",'" + field + "':['x']}");
        Translated there = translated(Kind.CHAT, FLASH, "{'messages':[" + USER + "," + answer + "," + USER + "]}");
        assertEquals(List.of("messages." + field), there.dropped());
    }

    @ParameterizedTest
    @CsvSource({"100, false", "101, true"})
    @DisplayName("has as many texts to embed as go in one batch")
    void batches(int count, boolean refused) {
        String json = "{'input':[" + String.join(",", Collections.nCopies(count, "'x'")) + "]}";
        assertEquals(refused ? Optional.of("input") : Optional.empty(), param(Kind.EMBEDDINGS, FLASH, json));
    }

    /// The field for which a request is refused; empty when it is not.
    private static Optional<String> param(String model, String json) {
        return param(Kind.CHAT, model, json);
    }

    private static Optional<String> param(Kind kind, String model, String json) {
        try {
            translated(kind, model, json);
            return Optional.empty();
        } catch (Refused refused) {
            return ((Refusal.BadRequest) refused.why()).param();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "image/jpg, QUJD, image/jpeg",
        "image/png, QUJD, image/png",
        "image/gif, iVBORw0KGgoAAA, image/png",
        "image/*, /9j/4AAQ, image/jpeg"
    })
    @DisplayName("has images of types that there are")
    void imageTypes(String said, String data, String type) {
        String url = "data:" + said + ";base64," + data;
        String json =
                "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'" + url + "'}}]}]}";
        JsonNode body = JsonTree.read(translated(Kind.CHAT, FLASH, json).body()).orElseThrow();
        assertEquals(type, body.at("/contents/0/parts/0/inlineData/mimeType").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\":{\"$ref\":\"#/components/x\"}}",
                "{\"list\":[{\"$ref\":1}]}",
                "{\"id\":9007199254740993}",
                "{\"ids\":[-123456789012345678901234567890]}"
            })
    @DisplayName("has a result as text that would be read as something else")
    void keepsResults(String text) {
        assertEquals(text, response(text).path("output").asText());
    }

    @Test
    @DisplayName("has a result as an object where it can")
    void objectsStay() {
        String text = "{\"a\":9007199254740991,\"b\":[0.1,null,{\"ref\":\"x\"}]}";
        assertEquals(text, response(text).toString());
    }

    private static JsonNode response(String text) {
        String escaped = text.replace("\"", "\\\"");
        Translated there =
                translated(Kind.CHAT, FLASH, "{'messages':[" + USER + "," + CALLS + "," + result("a", escaped) + "]}");
        return JsonTree.read(there.body()).orElseThrow().at("/contents/2/parts/0/functionResponse/response");
    }
}
