package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.martlet.Fields;
import dev.martlet.Operation;
import dev.martlet.Operation.Kind;
import dev.martlet.dialect.RequestReading.Wording;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A turn that was answered in another dialect")
class OtherTurnsTest {
    private static final String BODY =
            """
            { "model" : "MODEL" , "messages" : [ {"role": "user",  "content":"Hi"},
              {"role":"assistant","content":"Hello"EXTRA} ] , "seed" : 1e2 }\
            """;

    private static final String WHOLE =
            "{'role':'assistant','content':'Hello','images':[],'reasoning_content':'Hm','n':0.10,'extra_content':{'google':{}},"
                + "'tool_calls':[{'id':'a','extra_content':{}},7]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gpt-5|{'role':'assistant','content':'Hello','n':0.10,'tool_calls':[{'id':'a'},7]}",
                "deepseek-chat|{'role':'assistant','content':'Hello','images':[],'reasoning_content':'Hm','n':0.10,"
                        + "'tool_calls':[{'id':'a'},7]}",
            })
    void goesWithoutWhatAccompaniesIt(String model, String expected) {
        String turn = WHOLE.substring(0, WHOLE.length() - 1).replace("{'role':'assistant','content':'Hello'", "");
        String upstream = sent(model, turn.replace('\'', '"'));
        assertEquals(
                body(model, "").replace("{\"role\":\"assistant\",\"content\":\"Hello\"}", expected.replace('\'', '"')),
                upstream);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'extra_content':{}, 'a':1}|{'a':1}",
                "{ 'extra_content':{'extra_content':[1]}}|{ }",
                "{'a':1 , 'images':[1,2] , 'b':2}|{'a':1 , 'b':2}",
                "{'a':1 , 'images':[] , 'extra_content':0 }|{'a':1 }",
                "{'images':[],'extra_content':0,'a':{'images':1},'reasoning_content':'x'}|{'a':{'images':1}}",
                "{'tool_calls':[{'extra_content':1},{},[],{'id':1,'extra_content':[]}],'images':0}"
                        + "|{'tool_calls':[{},{},[],{'id':1}]}",
                "{'tool_calls':{'extra_content':1},'extra\\u005fcontent':0}|{'tool_calls':{'extra_content':1}}",
            })
    @DisplayName("keeps its other members, wherever they stand")
    void cutsWholeMembers(String message, String expected) {
        String asked = "{\"model\":\"gpt-5\",\"messages\":[MESSAGE,\"extra_content\"]}";
        byte[] body = asked.replace("MESSAGE", message.replace('\'', '"')).getBytes(UTF_8);
        RequestReading reading = RequestReading.of(new Operation(Kind.CHAT, "/chat/completions"), body, Fields.NONE);
        assertEquals(
                asked.replace("MESSAGE", expected.replace('\'', '"')),
                new String(reading.body(new Wording("gpt-5", false, false)), UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "google/gemini-3-pro|,'extra_content':{'google':{'thought_signature':'x'}}",
                "gpt-5|,'name':'extra_content'",
                "gpt-5|,'tool_calls':[{'id':'extra_content'}]",
                "deepseek-chat|,'reasoning_content':'Hm'",
            })
    void keepsEveryByteElse(String model, String extra) {
        String json = extra.replace('\'', '"');
        assertEquals(body(model, json), sent(model, json));
    }

    private static String sent(String model, String extra) {
        Operation chat = new Operation(Kind.CHAT, "/chat/completions");
        RequestReading reading = RequestReading.of(chat, body(model, extra).getBytes(UTF_8), Fields.NONE);
        return new String(reading.body(new Wording(model, false, false)), UTF_8);
    }

    private static String body(String model, String extra) {
        return BODY.replace("MODEL", model).replace("EXTRA", extra);
    }
}
