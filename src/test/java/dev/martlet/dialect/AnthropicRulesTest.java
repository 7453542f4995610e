package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

@DisplayName("What Anthropic's API asks of requests")
class AnthropicRulesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/request");
    private static final String ASKED = "'messages':[{'role':'user','content':'x'}]";
    private static final String CALL = "{'type':'tool_use','id':'a','name':'f','input':{}}";
    private static final String RESULT = "{'type':'tool_result','tool_use_id':'a'}";

    static Stream<Path> goldens() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".to-anthropic.json")).sorted().toList();
            return found.stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void areKept(Path golden) throws IOException {
        JsonNode body = JsonTree.read(Files.readAllBytes(golden)).orElseThrow().path("body");
        if (body.isObject()) assertEquals(Optional.empty(), AnthropicRules.broken(body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ASKED,'max_tokens':1|",
                "ASKED|max_tokens",
                "'max_tokens':1,'messages':[{'role':'user','content':' '}]|blank text",
                "'max_tokens':1,'messages':[{'role':'user','content':[]}]|no content",
                "ASKED,'max_tokens':1,'system':[{'type':'image'}]|system is no text",
                "ASKED,'max_tokens':1,'stop_sequences':[' ']|a blank stop",
                "'max_tokens':1,'messages':[{'role':'user','content':'x'},{'role':'user','content':'y'}]|turns in a"
                        + " row",
                "'max_tokens':1,'messages':[{'role':'assistant','content':[{'type':'redacted_thinking'}]}]"
                        + "|thoughts at the end",
                "'max_tokens':1,'messages':[{'role':'assistant','content':'x '}]|a begun answer ends with space",
                "'max_tokens':1,'model':'claude-opus-5','messages':[{'role':'assistant','content':'x'}]|a begun answer",
                "'max_tokens':1,'messages':[{'role':'assistant','content':[CALL]},{'role':'user','content':[RESULT]}]|",
                "'max_tokens':1,'messages':[{'role':'assistant','content':[CALL]}]|a call without its result",
                "'max_tokens':1,'messages':[{'role':'assistant','content':[CALL]},{'role':'user','content':'x'}]"
                        + "|a call without its result",
                "'max_tokens':1,'messages':[{'role':'user','content':[RESULT]}]|a result without its call",
                "'max_tokens':1,'messages':[{'role':'assistant','content':[CALL]},{'role':'user','content':[{'type':'text','text':'x'},RESULT]}]|a"
                    + " result behind something else",
                "'max_tokens':1,'messages':[{'role':'assistant','content':[CALL,CALL]},{'role':'user','content':[RESULT]}]|an"
                    + " id of a call",
                "ASKED,'max_tokens':1,'tools':[{'name':'a b'}]|the name of a tool",
                "ASKED,'max_tokens':1,'tools':[{'name':'f'},{'name':'f'}]|the name of a tool",
                "ASKED,'max_tokens':1,'tools':[{'name':'f','input_schema':{}}]|the schema of a tool is no object",
                "ASKED,'max_tokens':1,'tools':[{'name':'f','input_schema':{'type':'object','anyOf':[]}}]"
                        + "|anyOf in front of a schema",
                "ASKED,'max_tokens':9,'thinking':{'type':'adaptive'},'tool_choice':{'type':'any'}"
                        + "|thinking beside a forced call",
                "ASKED,'max_tokens':9,'thinking':{'type':'adaptive'},'top_p':1|thinking and top_p",
                "ASKED,'max_tokens':1024,'thinking':{'type':'enabled','budget_tokens':1024}|the budget",
                "ASKED,'max_tokens':1,'tools':[MARK,MARK,MARK,MARK]|the name of a tool",
                "ASKED,'max_tokens':1,'system':[MARK],'tools':[MARK,MARK,MARK,MARK]"
                        + "|system is no text, the name of a tool, too many marks for the cache",
            })
    void areBroken(String fields, String rules) {
        String json =
                ("{" + fields + "}")
                        .replace("ASKED", ASKED)
                        .replace("CALL", CALL)
                        .replace("RESULT", RESULT)
                        .replace("MARK", "{'cache_control':{}}");
        JsonNode request = JsonTree.read(json.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
        assertEquals(Optional.ofNullable(rules).map(rule -> "400: " + rule), AnthropicRules.broken(request));
    }
}
