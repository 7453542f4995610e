package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Operation.Kind;
import dev.martlet.Refusal.BadRequest;
import dev.martlet.Refused;
import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Locale;
import java.util.Optional;

/// Requests out of which nothing can be made; each is refused with the caller's own name for what is wrong.
@DisplayName("A request of wrong shape")
class RequestRefusalTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "openai|gemini|'messages':'Hello'|messages",
                "openai|anthropic|'messages':[]|messages",
                "openai|anthropic|'messages':[7]|messages[0]",
                "openai|gemini|'messages':[{'role':'wizard','content':'x'}]|messages[0].role",
                "openai|anthropic|'messages':[{'role':'user','content':7}]|messages[0].content",
                "openai|gemini|'messages':[{'role':'user','content':'x'},{'role':'tool','tool_call_id':'no','content':''}]"
                    + "|messages[1].tool_call_id",
                "openai|gemini|'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':7}}]}]"
                        + "|messages[0].content[0].image_url.url",
                "openai|anthropic|'messages':[{'role':'user','content':[{'type':'image_url','image_url':"
                        + "{'url':'data:image/svg+xml,x'}}]}]|messages[0].content[0].image_url.url",
                "openai|gemini|'messages':[{'role':'user','content':'x'}],'tools':{}|tools",
                "openai|gemini|'messages':[{'role':'user','content':'x'}],'temperature':'hot'|temperature",
                "openai|anthropic|'messages':[{'role':'user','content':'x'}],'stop':7|stop",
                "openai|anthropic|'messages':[{'role':'user','content':'x'}],'tools':[{'type':'function'}]|tools[0].function.name",
                "openai|gemini|'messages':[{'role':'user','content':'x'}],'response_format':{'type':'xml'}"
                        + "|response_format.type",
                "anthropic|openai|'messages':[]|messages",
                "anthropic|gemini|'messages':[{'role':'wizard','content':'x'}]|messages[0].role",
                "anthropic|gemini|'messages':[{'role':'user','content':[{'type':'text'}]}]|messages[0].content[0].text",
                "anthropic|openai|'messages':[{'role':'user','content':'x'}],'tools':{'name':'x'}|tools",
                "anthropic|openai|'messages':[{'role':'user','content':'x'}],'tool_choice':{'type':'x'}|tool_choice.type",
                "anthropic|openai|'messages':[{'role':'user','content':[{'type':'image','source':{'type':'x'}}]}]"
                        + "|messages[0].content[0].source.type",
                "gemini|openai|'contents':[]|contents",
                "gemini|anthropic|'contents':[{'role':'wizard','parts':[]}]|contents[0].role",
                "gemini|openai|'contents':[{'parts':[{'functionCall':{}}],'role':'model'}]"
                        + "|contents[0].parts[0].functionCall.name",
                "gemini|anthropic|'contents':[{'parts':[{'text':'x'}]}],'generationConfig':[1]|generationConfig",
            })
    void isRefusedByName(String from, String to, String fields, String param) {
        Refused refused = assertThrows(Refused.class, () -> translate(from, to, fields));
        BadRequest why = (BadRequest) refused.why();
        assertEquals("invalid_value " + Optional.of(param), why.code() + " " + why.param());
    }

    private static void translate(String from, String to, String fields) {
        byte[] json = ("{" + fields + "}").replace('\'', '"').getBytes(UTF_8);
        ObjectNode asked = (ObjectNode) JsonTree.read(json).orElseThrow();
        Translation.between(dialect(from), dialect(to)).request(Kind.CHAT, asked, "model", false);
    }

    private static Dialect dialect(String word) {
        return Dialect.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
