package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Operation.Kind;
import dev.martlet.dialect.Translation.Translated;
import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;

/// What a request becomes for models that do not all take the same.
@DisplayName("A request for a certain model")
class RequestModelTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "claude-3-haiku-20240307||{'max_tokens':4096}|",
                "claude-3-5-sonnet-latest||{'max_tokens':8192}|",
                "claude-3-7-sonnet-latest||{'max_tokens':32000}|",
                "claude-opus-4-1||{'max_tokens':32000}|",
                "claude-haiku-4-5||{'max_tokens':64000}|",
                "claude-mythos-preview||{'max_tokens':64000}|",
                "claude-opus-4-1|'max_tokens':32001|{'max_tokens':32000}|max_tokens",
                "us.anthropic.claude-opus-4-20250514-v1:0|'max_tokens':32001|{'max_tokens':32000}|max_tokens",
                "anthropic/claude-3.5-haiku||{'max_tokens':8192}|",
                "claude-v2||{'max_tokens':4096}|",
                "claude-haiku-4-5|'max_completion_tokens':100000|{'max_tokens':64000}|max_completion_tokens",
                "claude-haiku-5-5|'max_completion_tokens':128000|{'max_tokens':128000}|",
                "glm-4.6|'max_tokens':100000|{'max_tokens':100000}|",
                "glm-4.6|'temperature':0.5,'top_p':0.5|{'max_tokens':8192,'temperature':0.5,'top_p':0.5}|",
                "claude-sonnet-4-20250514|'temperature':0.5,'top_p':0.5|"
                        + "{'max_tokens':32000,'temperature':0.5,'top_p':0.5}|",
                "anthropic/claude-sonnet-4.5|'temperature':0.5,'top_p':0.5|{'max_tokens':64000,'temperature':0.5}|top_p",
                "claude-opus-4-7|'temperature':0.5,'top_k':5|{'max_tokens':64000}|temperature,top_k",
                "claude-sonnet-4-6|'temperature':0.5|{'max_tokens':64000,'temperature':0.5}|",
                "claude-sonnet-4-6|'temperature':0.5,'reasoning_effort':'low'|"
                        + "{'output_config':{'effort':'low'},'max_tokens':64000,"
                        + "'thinking':{'type':'adaptive','display':'summarized'}}|temperature",
                "claude-3-haiku-20240307|'reasoning_effort':'low'|{'max_tokens':4096}|reasoning_effort",
                "claude-sonnet-4-6|'reasoning_effort':'xhigh'|"
                        + "{'output_config':{'effort':'max'},'max_tokens':64000,"
                        + "'thinking':{'type':'adaptive','display':'summarized'}}|",
                "claude-opus-4-8|'thinking':{'type':'enabled','budget_tokens':30000,'display':'omitted'}|"
                        + "{'output_config':{'effort':'high'},'max_tokens':64000,"
                        + "'thinking':{'type':'adaptive','display':'omitted'}}|",
                "claude-sonnet-4-5|'reasoning_effort':'none'|{'max_tokens':64000}|",
                "claude-opus-5|'reasoning_effort':'none'|{'max_tokens':64000,'thinking':{'type':'disabled'}}|",
                "claude-haiku-5-5|'reasoning_effort':'none'|{'max_tokens':64000,'thinking':{'type':'disabled'}}|",
                "claude-sonnet-5-5|'reasoning_effort':'none'|"
                        + "{'max_tokens':64000,'thinking':{'type':'between_tools'}}|",
                "claude-opus-5|'thinking':{'type':'between_tools'}|{'max_tokens':64000,'thinking':{'type':'disabled'}}|",
                "claude-opus-5-5|'thinking':{'type':'disabled'}|"
                        + "{'output_config':{'effort':'low'},'max_tokens':64000}|reasoning_effort",
                "claude-fable-5|'reasoning_effort':'none'|"
                        + "{'output_config':{'effort':'low'},'max_tokens':64000}|reasoning_effort",
                "claude-opus-4-5|'reasoning':{'max_tokens':70000}|"
                        + "{'max_tokens':64000,'thinking':{'type':'enabled','budget_tokens':32000}}|",
                "claude-sonnet-4|'reasoning':{'max_tokens':40000}|"
                        + "{'max_tokens':41024,'thinking':{'type':'enabled','budget_tokens':40000}}|",
                "glm-4.6|'reasoning':{'max_tokens':2147483647}|"
                        + "{'max_tokens':2147483647,'thinking':{'type':'enabled','budget_tokens':1073741823}}|",
            })
    void ofAnthropic(String model, String more, String expected, String dropped) {
        check(Dialect.ANTHROPIC, model, more, expected, dropped);
    }

    /// The newest refuse to be made to call a tool ("tool_choice: type "tool" and "any" are not supported for this model").
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "claude-opus-5|'required'|{'type':'any'}||",
                "claude-haiku-5-5|'required'|{'type':'any'}||",
                "claude-fable-5|{'type':'function','function':{'name':'look'}}|{'type':'tool','name':'look'}||",
                "claude-opus-5-5|'auto'|{'type':'auto'}||",
                "claude-opus-5-5|'none'|{'type':'none'}||",
                "claude-opus-5-5|'required'||Call one of your tools; do not answer without.|tool_choice",
                "claude-fable-5-1|{'type':'function','function':{'name':'look'}}|"
                        + "|Call your tool look; do not answer without.|tool_choice",
            })
    void isMadeToCallATool(String model, String asked, String choice, String told, String dropped) {
        String tools = "'tools':[{'type':'function','function':{'name':'look'}}],'tool_choice':" + asked;
        Outcome outcome = translated(Dialect.ANTHROPIC, model, "'Hello'", tools);
        assertEquals(
                Optional.ofNullable(choice).map(RequestModelTest::tree),
                Optional.ofNullable(outcome.body().get("tool_choice")));
        assertEquals(Optional.ofNullable(told).orElse(""), outcome.body().path("system").asText());
        assertEquals(Optional.ofNullable(dropped).orElse(""), outcome.dropped());
    }

    @ParameterizedTest
    @CsvSource({"claude-opus-4-8,xhigh,high", "claude-sonnet-4-6,max,high", "claude-opus-5,low,low"})
    void thinksNoMoreThanItMayInFrontOfACall(String model, String asked, String effort) {
        String tools = "'tools':[{'type':'function','function':{'name':'look'}}],'tool_choice':'required'";
        ObjectNode body =
                translated(Dialect.ANTHROPIC, model, "'Hello'", tools + ",'reasoning_effort':'" + asked + "'").body();
        assertEquals(effort, body.path("output_config").path("effort").asText());
        assertEquals(false, body.has("thinking"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gemini-2.0-flash|'reasoning_effort':'low'|{}|reasoning_effort",
                "gemini-2.5-pro|'reasoning_effort':'none'|{'thinkingConfig':{'thinkingBudget':128}}|",
                "gemini-2.5-flash|'reasoning_effort':'none'|{'thinkingConfig':{'thinkingBudget':0}}|",
                "gemini-2.5-flash|'thinking':{'type':'enabled','budget_tokens':31999}|"
                        + "{'thinkingConfig':{'includeThoughts':true,'thinkingBudget':24576}}|",
                "gemini-2.5-pro|'thinking':{'type':'enabled','budget_tokens':31999}|"
                        + "{'thinkingConfig':{'includeThoughts':true,'thinkingBudget':31999}}|",
                "gemini-3-flash-preview|'reasoning_effort':'minimal'|"
                        + "{'thinkingConfig':{'includeThoughts':true,'thinkingLevel':'minimal'}}|",
                "gemini-3.1-pro-preview|'reasoning_effort':'minimal'|"
                        + "{'thinkingConfig':{'includeThoughts':true,'thinkingLevel':'low'}}|",
                "gemini-3.1-pro-preview|'reasoning_effort':'none'|{'thinkingConfig':{'thinkingLevel':'low'}}|",
                "gemini-flash-latest|'thinking':{'type':'adaptive'}|{'thinkingConfig':{'includeThoughts':true}}|",
                "gemma-3|'reasoning_effort':'low'|{}|reasoning_effort",
                "gemini-2.5-flash-lite|'reasoning_effort':'none'|{'thinkingConfig':{'thinkingBudget':0}}|",
                "gemini-2.5-flash-lite|'reasoning_effort':'low','max_tokens':600|"
                        + "{'maxOutputTokens':600,'thinkingConfig':{'includeThoughts':true,'thinkingBudget':512}}|",
                "gemini-2.5-flash|'thinking':{'type':'enabled','budget_tokens':100}|"
                        + "{'thinkingConfig':{'includeThoughts':true,'thinkingBudget':100}}|",
                "gemini-2.5-flash-image|'reasoning_effort':'low'|{}|reasoning_effort",
                "gemini-robotics-er-1.5-preview|'reasoning_effort':'low'|{}|reasoning_effort",
                "gemini-3-pro-preview|'reasoning_effort':'medium'|"
                        + "{'thinkingConfig':{'includeThoughts':true,'thinkingLevel':'high'}}|",
                "gemini-3.1-pro-preview|'reasoning_effort':'medium'|"
                        + "{'thinkingConfig':{'includeThoughts':true,'thinkingLevel':'medium'}}|",
                "gemini-3.1-flash-lite|'reasoning_effort':'none'|{'thinkingConfig':{'thinkingLevel':'minimal'}}|",
                "gemini-3.8-flash|'reasoning_effort':'minimal'|"
                        + "{'thinkingConfig':{'includeThoughts':true,'thinkingLevel':'low'}}|",
                "gemini-4-argon|'reasoning_effort':'none'|{'thinkingConfig':{'thinkingLevel':'low'}}|",
                "gemini-4-argon|'thinking':{'type':'enabled','budget_tokens':10000}|"
                        + "{'thinkingConfig':{'includeThoughts':true,'thinkingLevel':'medium'}}|",
                "gemini-flash-latest|'reasoning_effort':'none'|{'thinkingConfig':{'thinkingLevel':'low'}}|",
                "gemini-2.5-flash|'presence_penalty':0,'frequency_penalty':0.0|{}|",
                "gemini-2.5-flash|'presence_penalty':0.5,'frequency_penalty':-1|{}|presence_penalty,frequency_penalty",
                "gemini-2.0-flash|'presence_penalty':2,'frequency_penalty':-2|"
                        + "{'presencePenalty':1.99,'frequencyPenalty':-2}|",
                "gemini-2.5-flash|'seed':2147483647|{'seed':2147483647}|",
                "gemini-2.5-flash|'seed':4294967298|{'seed':2}|",
                "gemini-2.5-flash|'seed':-9223372036854775808|{'seed':0}|",
                "gemini-2.5-flash|'top_k':-1,'temperature':2.5,'top_p':1.0|{'temperature':2,'topP':1.0}|",
                "gemini-2.5-flash|'top_k':40|{'topK':40}|",
                "gemini-2.5-flash|'modalities':['text']|{}|",
                "gemini-2.5-flash-image|'modalities':['image','text']|{'responseModalities':['IMAGE','TEXT']}|",
                "gemini-2.5-flash|'service_tier':'default'|{}|",
                "gemini-2.5-flash|'response_format':{'type':'json_schema','json_schema':{'name':'x',"
                        + "'description':'About x','schema':{'type':'object'}}}|{'responseMimeType':'application/json',"
                        + "'responseJsonSchema':{'type':'object','description':'About x'}}|",
                "gemini-2.5-flash|'response_format':{'type':'json_schema','json_schema':{'name':'x','description':'About"
                    + " x','schema':{'description':'y'}}}|{'responseMimeType':'application/json',"
                    + "'responseJsonSchema':{'description':'y'}}|",
            })
    void ofGoogle(String model, String more, String expected, String dropped) {
        check(
                Dialect.GEMINI,
                model,
                more,
                expected.equals("{}") ? expected : "{'generationConfig':" + expected + "}",
                dropped);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gpt-4o|'max_completion_tokens':9,'temperature':0.5|{'max_completion_tokens':9,'temperature':0.5}|",
                "gpt-4o|'reasoning_effort':'low'|{}|reasoning_effort",
                "mistral-large|'max_completion_tokens':9,'reasoning_effort':'max'|"
                        + "{'max_tokens':9,'reasoning_effort':'max'}|",
                "openai/gpt-oss-120b|'max_completion_tokens':9|{'max_tokens':9}|",
                "o3-mini|'reasoning_effort':'none','temperature':0.5|{'reasoning_effort':'low'}|temperature",
                "gpt-5|'reasoning_effort':'none','top_p':0.5|{'reasoning_effort':'minimal'}|top_p",
                "gpt-5.1|'reasoning_effort':'none','top_p':0.5|{'reasoning_effort':'none','top_p':0.5}|",
                "gpt-5.2|'reasoning_effort':'max','temperature':1|{'reasoning_effort':'xhigh'}|temperature",
            })
    void ofOpenAi(String model, String more, String expected, String dropped) {
        check(Dialect.OPENAI, model, more, expected, dropped);
    }

    @ParameterizedTest
    @CsvSource({"gpt-5.6,true", "gpt-5.1,false", "mistral-large,false"})
    void cachesUpToAMark(String model, boolean marked) {
        String part = "{'type':'text','text':'Hello','cache_control':{'type':'ephemeral'}}";
        JsonNode content = translated(Dialect.OPENAI, model, "[" + part + "]", "").body().path("messages").path(0);
        assertEquals(marked, content.path("content").path(0).has("prompt_cache_breakpoint"), content.toString());
    }

    private record Outcome(ObjectNode body, String dropped) {}

    private static void check(Dialect to, String model, String more, String expected, String dropped) {
        Outcome outcome = translated(to, model, "'Hello'", more);
        for (String every : new String[] {"model", "messages", "contents", "safetySettings"})
            outcome.body().remove(every);
        assertEquals(tree(expected), outcome.body());
        assertEquals(Optional.ofNullable(dropped).orElse(""), outcome.dropped());
    }

    /// From the hub, with all its words.
    private static Outcome translated(Dialect to, String model, String content, String more) {
        String fields = Optional.ofNullable(more).filter(text -> !text.isEmpty()).map(text -> "," + text).orElse("");
        ObjectNode hub = tree("{'messages':[{'role':'user','content':" + content + "}]" + fields + "}");
        Translated there = Translation.between(Dialect.OPENAI, to).request(Kind.CHAT, hub, model, false);
        return new Outcome(tree(new String(there.body(), UTF_8)), String.join(",", there.dropped()));
    }

    private static ObjectNode tree(String json) {
        return (ObjectNode) JsonTree.read(json.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
    }
}
