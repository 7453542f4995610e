package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.Operation.Kind;
import dev.martlet.Refusal.BadRequest;
import dev.martlet.Refused;
import dev.martlet.dialect.Translation.Translated;
import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Requests that OpenAI takes, and Anthropic would answer with 400 if they came as they are.
@DisplayName("A request for an Anthropic channel")
class AnthropicRequestTest {
    private static final String THOUGHTS =
            "'extra_content':{'anthropic':{'thinking':[{'type':'thinking','thinking':'Hm','signature':'s'}]}},";
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
        cpuNanos(20_000); // the first one compiles
        long few = cpuNanos(20_000);
        long many = cpuNanos(80_000);
        assertTrue(many < 10 * few, many + " ns for four times what takes " + few);
    }

    private static long cpuNanos(int calls) {
        StringBuilder json = new StringBuilder("'messages':[{'role':'assistant','tool_calls':[");
        for (int i = 0; i < calls; i++) {
            json.append(i == 0 ? "" : ",").append("{'id':'c").append(i).append("',").append(LOOK).append('}');
        }
        json.append("]}");
        for (int i = calls - 1; i >= 0; i--) json.append(",{'role':'tool','tool_call_id':'c").append(i).append("'}");
        String fields = json.append(']').toString();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        JsonNode results = sent(fields).path("messages").path(1).path("content");
        long spent = threads.getCurrentThreadCpuTime() - begin;
        assertEquals("c0", results.path(calls - 1).path("tool_use_id").asText());
        return spent;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'user':'u-17'|{'user_id':'u-17'}|",
                "'user':'ann@example.com'||user",
                "'safety_identifier':'mailto:ann@mail.example.com'||safety_identifier",
                "'user':'@home'|{'user_id':'@home'}|",
            })
    @DisplayName("names no user by an address (\"user_id appears to contain an email address\")")
    void namesNobody(String user, String metadata, String dropped) {
        Translated request = translated("claude-sonnet-4-5", "'messages':[{'role':'user','content':'x'}]," + user);
        JsonNode expected = metadata == null ? MissingNode.getInstance() : json(metadata);
        assertEquals(expected, tree(request.body()).path("metadata"));
        assertEquals(Optional.ofNullable(dropped).stream().toList(), request.dropped());
    }

    @Test
    void namesNobodyAtLength() {
        String user = "'messages':[{'role':'user','content':'x'}],'user':'" + "u".repeat(257) + "'";
        assertEquals(List.of("user"), translated("claude-sonnet-4-5", user).dropped());
    }

    @ParameterizedTest
    @CsvSource({
        "image/jpeg,iVBORw0KGgoAAAAN,image/png",
        "image/png,/9j/4AAQSkZJRg==,image/jpeg",
        "image/png,R0lGODlhAQABAIAA,image/gif",
        "image/heic,UklGRiQAAABXRUJQ,image/webp",
        "image/gif,AAAA,image/gif",
    })
    @DisplayName("calls an image what it is (\"the image appears to be a image/png image\")")
    void callsAnImageWhatItIs(String said, String data, String sent) {
        String part = "{'type':'image_url','image_url':{'url':'data:" + said + ";base64," + data + "'}}";
        ObjectNode body = sent("'messages':[{'role':'user','content':[" + part + "]}]");
        assertEquals(sent, body.findValue("media_type").asText());
        assertEquals(data, body.findValue("data").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "claude-sonnet-4-5||One|",
                "claude-sonnet-4-5|'reasoning_effort':'low'|One|reasoning_effort",
                "claude-opus-4-6||Go on where your last message ends.|",
                "claude-fable-5|'reasoning_effort':'low'|Go on where your last message ends.|",
            })
    @DisplayName("ends with the user where the model must (\"does not support assistant message prefill\")")
    void ends(String model, String more, String end, String dropped) {
        String messages = "'messages':[{'role':'user','content':'Count'},{'role':'assistant','content':'One '}]";
        Translated request = translated(model, messages + (more == null ? "" : "," + more));
        JsonNode turns = tree(request.body()).path("messages");
        assertEquals(end, turns.path(turns.size() - 1).path("content").asText());
        assertEquals(Optional.ofNullable(dropped).stream().toList(), request.dropped());
    }

    @Test
    @DisplayName("says nothing blank again that the model said (\"text content blocks must be non-empty\")")
    void saysNothingBlank() {
        String own = "[{'type':'text','text':''},{'type':'server_tool_use','id':'s','name':'web_search','input':{}}]";
        ObjectNode body =
                sent(
                        "'messages':[{'role':'user','content':'x'},{'role':'assistant','content':'','extra_content':"
                                + "{'anthropic':{'content':"
                                + own
                                + "}}},{'role':'user','content':'y'}]");
        assertEquals(json("[" + own.substring(own.indexOf("},") + 2)), body.path("messages").path(1).path("content"));
    }

    @ParameterizedTest
    @CsvSource({"system", "user", "assistant", "tool"})
    void cachesUpToAMessage(String role) {
        String mark = ",'cache_control':{'type':'ephemeral'}}";
        boolean tool = role.equals("tool");
        ObjectNode body =
                sent(
                        "'messages':[{'role':'user','content':'x'},{'role':'assistant','tool_calls':[{'id':'c',"
                                + (LOOK + "}]},{'role':'tool','tool_call_id':'c','content':'1'" + (tool ? mark : "}"))
                                + (tool ? "" : ",{'role':'" + role + "','content':'y'" + mark)
                                + ",{'role':'user','content':'z'}]");
        assertEquals(1, body.findValues("cache_control").size(), body.toString());
    }

    @ParameterizedTest
    @CsvSource({"0,4,15", "1,3,16"})
    @DisplayName("is cached up to four places (\"A maximum of 4 blocks with cache_control may be provided\")")
    void cachesUpToFourPlaces(int whole, int expected, int first) {
        StringBuilder messages = new StringBuilder("'messages':[{'role':'system','content':'s'}");
        for (int i = 0; i < 20; i++) {
            String part = i < 2 || i > 17 ? "" : ",'prompt_cache_breakpoint':{'mode':'explicit'}";
            String role = i % 2 == 0 ? "user" : "assistant";
            messages.append(",{'role':'%s','content':[{'type':'text','text':'%d'%s}]}".formatted(role, i, part));
        }
        String more = whole == 0 ? "" : ",'cache_control':{'type':'ephemeral'}";
        Translated request = translated("claude-sonnet-4-5", messages + "]" + more);
        List<JsonNode> marked = tree(request.body()).path("messages").findParents("cache_control");
        assertEquals(expected, marked.size());
        assertEquals(first - 1, marked.getFirst().path("text").asInt());
        assertEquals(List.of("messages.cache_control"), request.dropped());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "20|'a':{'type':'string'}|'a'|20|",
                "21|'a':{'type':'string'}|'a'|20|tools.function.strict",
                "4|'a':{'type':['string','null']},'b':{'anyOf':[{'type':'string'},{'type':'null'}]},'c':{'type':'array',"
                    + "'items':{'type':['string','null']}},'d':{'type':['string','null']}|'a','b','c','d'|4|",
                "5|'a':{'type':['string','null']},'b':{'anyOf':[{'type':'string'},{'type':'null'}]},'c':{'type':'array',"
                    + "'items':{'type':['string','null']}},'d':{'type':['string','null']}|'a','b','c','d'|4|tools.function.strict",
                "8|'a':{'type':'string'},'b':{'type':'string'},'c':{'type':'string'}||8|",
                "9|'a':{'type':'string'},'b':{'type':'string'},'c':{'type':'string'}||8|tools.function.strict",
            })
    @DisplayName("binds to no more schemas than one grammar can be made of (\"too many parameters with union types\")")
    void bindsToSoMuch(int tools, String properties, String required, int bound, String dropped) {
        String schema =
                "{'type':'object','properties':{"
                        + properties
                        + "},'required':["
                        + Optional.ofNullable(required).orElse("")
                        + "],'additionalProperties':false}";
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < tools; i++) {
            list.append(i == 0 ? "" : ",")
                    .append(
                            "{'type':'function','function':{'name':'f%d','strict':true,'parameters':%s}}"
                                    .formatted(i, schema));
        }
        Translated request =
                translated("claude-sonnet-4-5", "'messages':[{'role':'user','content':'x'}],'tools':[" + list + "]");
        assertEquals(bound, tree(request.body()).findValues("strict").size());
        assertEquals(Optional.ofNullable(dropped).stream().toList(), request.dropped());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'string','format':'uri'}|{'type':'string','format':'uri'}",
                "{'type':'string','format':'int64'}|{'type':'string','description':'{format: `int64`}'}",
                "{'type':'string','pattern':'^[a-z]{2,3}(?:xy)$'}|{'type':'string','pattern':'^[a-z]{2,3}(?:xy)$'}",
                "{'type':'string','pattern':'^(?!x)'}|{'type':'string','description':'{pattern: `^(?!x)`}'}",
                "{'enum':[{'a':1}]}|",
                "{'allOf':[{'$ref':'#/properties/b'}]}|",
                "{'$ref':'#/properties/b'}|{'$ref':'#/properties/b'}",
                "{'$ref':'#/properties/a'}|",
                "{'$ref':'#'}|",
                "{'$ref':'https://example.com/schema'}|",
            })
    void bindsToWhatAGrammarCanSay(String property, String expected) {
        JsonNode sent = format("{'type':'object','properties':{'a':" + property + ",'b':{'type':'string'}}}");
        JsonNode told = expected == null ? MissingNode.getInstance() : json(expected.replace("`", "\\\""));
        assertEquals(told, sent.path("schema").path("properties").path("a"));
    }

    @Test
    void isNotLostInASchemaThatRefersAndRefers() {
        StringBuilder defs = new StringBuilder("'d0':{'type':'string'}");
        for (int i = 1; i < 50_000; i++) defs.append(",'d%d':{'$ref':'#/$defs/d%d'}".formatted(i, i - 1));
        assertEquals(MissingNode.getInstance(), format("{'$ref':'#/$defs/d9','$defs':{" + defs + "}}"));
    }

    @ParameterizedTest
    @CsvSource({"claude-sonnet-4-5", "claude-3-5-haiku-latest"})
    void tellsWhatASchemaIsFor(String model) {
        String asked = "{'name':'x','description':'Of the user','schema':{'type':'object','properties':{'a':{}}}}";
        Translated request =
                translated(
                        model,
                        "'messages':[{'role':'user','content':'x'}],'response_format':{'type':'json_schema',"
                                + "'json_schema':"
                                + asked
                                + "}");
        assertTrue(new String(request.body(), UTF_8).contains("Of the user"));
    }

    private static JsonNode format(String schema) {
        ObjectNode body =
                sent(
                        "'messages':[{'role':'user','content':'x'}],'response_format':{'type':'json_schema','json_schema':"
                            + "{'name':'x','schema':"
                                + schema
                                + "}}");
        return body.path("output_config").path("format");
    }

    @Test
    @DisplayName("keeps the rules of the API, whatever it is made of")
    void keepsTheRules() {
        for (int seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            String model =
                    one(random, "claude-3-5-haiku-latest", "claude-sonnet-4-5", "claude-opus-4-6", "claude-opus-5-5");
            String fields = "'messages':[" + conversation(random) + "]" + options(random);
            try {
                translated(model, fields);
            } catch (Refused refused) {
                assertEquals("messages", ((BadRequest) refused.why()).param().orElse(""), fields);
            } catch (AssertionError broken) {
                throw new AssertionError(model + " {" + fields + "}", broken);
            }
        }
    }

    /// As OpenAI takes it: behind calls come their results, and everything else in any order.
    private static String conversation(Random random) {
        List<String> messages = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> messages.add("{'role':'system','content':" + content(random) + "}");
                case 1 ->
                        messages.add(
                                "{'role':'assistant',"
                                        + one(random, "", THOUGHTS)
                                        + "'content':"
                                        + content(random)
                                        + "}");
                case 2, 3 -> messages.add("{'role':'user','content':" + content(random) + "}");
                default -> messages.addAll(called(random));
            }
        }
        return String.join(",", messages);
    }

    private static List<String> called(Random random) {
        List<String> calls = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String id = one(random, "", "call_0", "call.1", "call_look", "toolu_2");
            calls.add("{'id':'" + id + "'," + LOOK + "}");
            messages.add("{'role':'tool','tool_call_id':'" + id + "','content':" + content(random) + "}");
        }
        messages.addFirst(
                "{'role':'assistant',"
                        + one(random, "", THOUGHTS)
                        + "'content':"
                        + content(random)
                        + ",'tool_calls':["
                        + String.join(",", calls)
                        + "]}");
        return messages;
    }

    private static String content(Random random) {
        String text = one(random, "''", "' '", "'x'", "'x '");
        String mark = one(random, "", ",'cache_control':{'type':'ephemeral'}");
        return one(random, text, "[]", "[{'type':'text','text':" + text + mark + "}]");
    }

    private static String options(Random random) {
        return one(random, "", ",'reasoning_effort':'" + one(random, "none", "low", "high", "xhigh") + "'")
                + one(random, "", ",'max_tokens':" + one(random, "1", "2000", "100000"))
                + one(random, "", ",'temperature':0.5", ",'top_p':0.5")
                + one(random, "", ",'stop':[' ','x']")
                + one(
                        random,
                        "",
                        ",'tools':[{'type':'function','function':{'name':'look'}}]"
                                + one(random, "", ",'tool_choice':'required'", ",'parallel_tool_calls':false"))
                + one(random, "", ",'cache_control':{'type':'ephemeral'}");
    }

    private static String one(Random random, String... words) {
        return words[random.nextInt(words.length)];
    }

    private static String turn(String id) {
        return "{'role':'user','content':'x'},{'role':'assistant','tool_calls':[{'id':'"
                + id
                + "',"
                + LOOK
                + "}]},"
                + "{'role':'tool','tool_call_id':'"
                + id
                + "','content':'1'}";
    }

    private static ObjectNode sent(String fields) {
        return tree(translated("claude-sonnet-4-5", fields).body());
    }

    private static Translated translated(String model, String fields) {
        ObjectNode hub = tree(("{" + fields + "}").replace('\'', '"').getBytes(UTF_8));
        Translated request =
                Translation.between(Dialect.OPENAI, Dialect.ANTHROPIC).request(Kind.CHAT, hub, model, false);
        assertEquals(Optional.empty(), AnthropicRules.broken(tree(request.body())));
        return request;
    }

    private static JsonNode json(String quoted) {
        return JsonTree.read(quoted.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
    }

    private static ObjectNode tree(byte[] json) {
        return (ObjectNode) JsonTree.read(json).orElseThrow();
    }
}
