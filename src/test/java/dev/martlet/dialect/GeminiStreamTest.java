package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Events are written with single quotes here.
@DisplayName("A stream of Gemini's")
class GeminiStreamTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";
    private static final String USAGE =
            "'usageMetadata':{'promptTokenCount':3,'candidatesTokenCount':2,'totalTokenCount':5}";

    private static Event event(String written) {
        JsonNode tree = JsonTree.read(written.replace('\'', '"').getBytes(UTF_8)).orElseThrow();
        return Event.of((ObjectNode) tree);
    }

    private static Event parts(String parts, String more) {
        return event("{'candidates':[{'content':{'parts':[" + parts + "],'role':'model'}" + more + "}]}");
    }

    private static List<Event> through(Fold fold, Event... events) throws Garbled {
        List<Event> out = new ArrayList<>();
        for (Event event : events) out.addAll(fold.next(event));
        out.addAll(fold.end());
        return out;
    }

    private static List<Event> toHub(Event... events) throws Garbled {
        return through(new GeminiStreamToHub(new Heading(ID, 7, "mine", true)), events);
    }

    private static List<Event> fromHub(Event... events) throws Garbled {
        return through(new GeminiStreamFromHub(new Heading(ID, 7, "mine", true)), events);
    }

    /// Each event as it is written, with single quotes again.
    private static List<String> data(List<Event> events) {
        return events.stream()
                .map(event -> new String(event.written(), UTF_8).strip().substring("data: ".length()))
                .map(data -> data.replace('"', '\''))
                .toList();
    }

    /// What the choices of chunks say, each as it is written.
    private static List<String> choices(List<Event> chunks) {
        return chunks.stream()
                .flatMap(chunk -> Stream.of(chunk.data().path("choices")))
                .flatMap(choices -> choices.valueStream())
                .map(choice -> choice.toString().replace('"', '\''))
                .toList();
    }

    @Nested
    @DisplayName("on its way to the hub")
    class ToHub {
        @Test
        @DisplayName("has one head, the role first, the reason once, tokens and [DONE] last")
        void text() throws Garbled {
            List<Event> chunks =
                    toHub(
                            event(
                                    "{'candidates':[{'content':{'parts':[{'text':'Hel'}],'role':'model'}}],"
                                        + "'usageMetadata':{'promptTokenCount':3,'totalTokenCount':3},'modelVersion':'g'}"),
                            event(
                                    "{'candidates':[{'content':{'parts':[{'text':'lo'}],'role':'model'},"
                                            + "'finishReason':'STOP'}],"
                                            + USAGE
                                            + "}"));
            String head =
                    "{'id':'chatcmpl-"
                            + ID
                            + "','object':'chat.completion.chunk','created':7,'model':'mine',"
                            + "'system_fingerprint':'fp_gemini_proxy','choices':[";
            String choice = "{'index':0,'delta':";
            assertEquals(
                    List.of(
                            head
                                    + choice
                                    + "{'role':'assistant','content':'Hel','refusal':null},'finish_reason':null}]}",
                            head + choice + "{'content':'lo'},'finish_reason':null}]}",
                            head + choice + "{},'finish_reason':'stop'}]}",
                            head
                                    + "],'usage':{'prompt_tokens':3,'completion_tokens':2,'total_tokens':5,"
                                    + "'prompt_tokens_details':{'cached_tokens':0},"
                                    + "'completion_tokens_details':{'reasoning_tokens':0},'extra_content':{'google':"
                                    + USAGE.substring("'usageMetadata':".length())
                                    + "}}}",
                            "[DONE]"),
                    data(chunks));
        }

        @Test
        @DisplayName("counts tokens for those only who asked")
        void withoutUsage() throws Garbled {
            Fold fold = new GeminiStreamToHub(new Heading(ID, 7, "mine", false));
            List<Event> chunks = through(fold, event("{'candidates':[{'finishReason':'STOP'}]," + USAGE + "}"));
            assertTrue(chunks.stream().noneMatch(chunk -> chunk.data().has("usage")), chunks::toString);
        }

        @Test
        @DisplayName("that is cut has no end (U-27)")
        void cut() throws Garbled {
            List<Event> chunks = toHub(parts("{'text':'Hel'}", ""));
            assertEquals(
                    List.of(
                            "{'index':0,'delta':{'role':'assistant','content':'Hel','refusal':null},'finish_reason':null}"),
                    choices(chunks));
            assertEquals(List.of(), toHub(), "nothing comes of nothing");
        }

        @Test
        @DisplayName("that ends in one candidate only has no end")
        void halfEnded() throws Garbled {
            List<Event> chunks =
                    toHub(
                            event(
                                    "{'candidates':[{'index':0,'content':{'parts':[{'text':'a'}]},'finishReason':'STOP'},"
                                        + "{'index':1,'content':{'parts':[{'text':'b'}]}}]}"));
            assertEquals(
                    List.of(
                            "{'index':0,'delta':{'role':'assistant','content':'a','refusal':null},'finish_reason':null}",
                            "{'index':1,'delta':{'role':'assistant','content':'b','refusal':null},'finish_reason':null}"),
                    choices(chunks));
            assertTrue(chunks.stream().noneMatch(Event::isDone));
        }

        @Test
        @DisplayName("calls functions by index, with ids where it has none, and ends for them")
        void calls() throws Garbled {
            List<Event> chunks =
                    toHub(
                            parts("{'functionCall':{'name':'f','args':{'a':1.50}},'thoughtSignature':'S'}", ""),
                            parts("{'functionCall':{'id':'x','name':'g'}}", ",'finishReason':'STOP'"));
            assertEquals(
                    List.of(
                            "{'index':0,'delta':{'role':'assistant','content':'','refusal':null,'tool_calls':[{'index':0,"
                                + "'id':'call_mt_0123456789abcdef01234567_0_0','type':'function',"
                                + "'function':{'name':'f','arguments':'{\\'a\\':1.50}'},"
                                + "'extra_content':{'google':{'thought_signature':'S'}}}]},'finish_reason':null}",
                            "{'index':0,'delta':{'tool_calls':[{'index':1,'id':'x','type':'function',"
                                    + "'function':{'name':'g','arguments':'{}'}}]},'finish_reason':null}",
                            "{'index':0,'delta':{},'finish_reason':'tool_calls'}"),
                    choices(chunks));
        }

        @Test
        @DisplayName("may bring arguments piece by piece: the call comes when it is whole")
        void pieces() throws Garbled {
            List<Event> chunks =
                    toHub(
                            parts("{'functionCall':{'name':'f','willContinue':true}}", ""),
                            parts(piece("'jsonPath':'$.a[0].b','stringValue':'Bos','willContinue':true", true), ""),
                            parts(piece("'jsonPath':'$.a[0].b','stringValue':'ton'", true), ""),
                            parts(piece("'jsonPath':'$.a[1]','numberValue':0.50", true), ""),
                            parts(piece("'jsonPath':'$[\\'c d\\']','boolValue':true", true), ""),
                            parts(piece("'jsonPath':'$.e','nullValue':'NULL_VALUE'", false), ""),
                            parts("{'functionCall':{'name':'g'}}", ",'finishReason':'STOP'"));
            List<String> arguments =
                    chunks.stream().flatMap(one -> one.data().findValuesAsText("arguments").stream()).toList();
            assertEquals(List.of("{\"a\":[{\"b\":\"Boston\"},0.50],\"c d\":true,\"e\":null}", "{}"), arguments);
        }

        private static String piece(String arg, boolean goesOn) {
            return "{'functionCall':{'partialArgs':[{" + arg + "}]" + (goesOn ? ",'willContinue':true" : "") + "}}";
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "$", "a", "$.a[1]", "$.a[", "$..a", "$.a[99999]"})
        @DisplayName("with a piece of arguments that belongs nowhere is garbled")
        void wrongPieces(String path) {
            Event event = parts(piece("'jsonPath':'" + path + "','stringValue':'x'", false), "");
            assertThrows(
                    Garbled.class, () -> toHub(parts("{'functionCall':{'name':'f','willContinue':true}}", ""), event));
        }

        @Test
        @DisplayName("thinks, and signs at the end")
        void thoughts() throws Garbled {
            List<Event> chunks =
                    toHub(
                            parts("{'text':'hm','thought':true}", ""),
                            parts("{'text':'yes'}", ""),
                            parts("{'text':'','thoughtSignature':'S'}", ",'finishReason':'MAX_TOKENS'"));
            assertEquals(
                    List.of(
                            "{'index':0,'delta':{'role':'assistant','content':'','refusal':null,'reasoning_content':'hm'},"
                                + "'finish_reason':null}",
                            "{'index':0,'delta':{'content':'yes'},'finish_reason':null}",
                            "{'index':0,'delta':{'extra_content':{'google':{'thought_signature':'S'}}},"
                                    + "'finish_reason':'length'}"),
                    choices(chunks));
        }

        @Test
        @DisplayName("passes what the hub has no word for, and all of it with the end")
        void otherParts() throws Garbled {
            String code = "{'executableCode':{'code':'1+1','language':'PYTHON'}}";
            List<Event> chunks =
                    toHub(
                            parts("{'text':'a'}", ""),
                            parts("{'text':'b'}," + code, ""),
                            parts("{'text':'c'}", ",'finishReason':'STOP'"));
            String begin = "{'index':0,'delta':{";
            assertEquals(
                    List.of(
                            begin + "'role':'assistant','content':'a','refusal':null},'finish_reason':null}",
                            begin
                                    + "'content':'b'},'finish_reason':null,'extra_content':{'google':{'parts':[{'text':'b'},"
                                    + code
                                    + "]}}}",
                            begin + "'content':'c'},'finish_reason':null}",
                            begin
                                    + "'extra_content':{'google':{'parts':[{'text':'ab'},"
                                    + code
                                    + ",{'text':'c'}]}}},'finish_reason':'stop'}"),
                    choices(chunks));
        }

        @Test
        @DisplayName("cites pages of the web with its end")
        void citations() throws Garbled {
            String grounding =
                    "{'groundingChunks':[{'web':{'uri':'https://a.example','title':'A'}},{'map':{}}],'groundingSupports':"
                        + "[{'segment':{'startIndex':4,'endIndex':5,'text':'b'},'groundingChunkIndices':[0,1,7]},"
                        + "{'segment':{'text':'z'},'groundingChunkIndices':[0]}]}";
            List<Event> chunks =
                    toHub(
                            parts("{'text':'b','thought':true},{'text':'ää'}", ""),
                            parts("{'text':'b'}", ",'finishReason':'STOP','groundingMetadata':" + grounding));
            assertEquals(
                    "[{'type':'url_citation','url_citation':{'start_index':2,'end_index':3,'title':'A',"
                            + "'url':'https://a.example'}}]",
                    chunks.get(2).data().at("/choices/0/delta/annotations").toString().replace('"', '\''));
        }

        @Test
        @DisplayName("shows images as data URLs")
        void images() throws Garbled {
            List<Event> chunks =
                    toHub(parts("{'inlineData':{'mimeType':'image/png','data':'QUJD'}}", ",'finishReason':'STOP'"));
            assertEquals(
                    "data:image/png;base64,QUJD",
                    chunks.getFirst().data().at("/choices/0/delta/images/0/image_url/url").asText());
        }

        @Test
        @DisplayName("whose prompt was blocked says so")
        void blocked() throws Garbled {
            List<Event> chunks = toHub(event("{'promptFeedback':{'blockReason':'SAFETY'}," + USAGE + "}"));
            assertEquals(
                    List.of(
                            "{'index':0,'delta':{'role':'assistant','content':'','refusal':null},'finish_reason':null}",
                            "{'index':0,'delta':{},'finish_reason':'content_filter'}"),
                    choices(chunks));
            assertEquals(
                    "SAFETY", chunks.getFirst().data().at("/extra_content/google/promptFeedback/blockReason").asText());
            assertTrue(chunks.getLast().isDone());
        }

        @Test
        @DisplayName("ends with an error where it has one, and with nothing behind it")
        void error() throws Garbled {
            List<Event> chunks =
                    toHub(
                            parts("{'text':'a'}", ""),
                            event("{'error':{'code':503,'message':'overloaded','status':'UNAVAILABLE'}}"),
                            parts("{'text':'b'}", ",'finishReason':'STOP'"));
            assertEquals(2, chunks.size());
            assertEquals(
                    "{'error':{'message':'overloaded','type':'server_error','param':null,'code':'unavailable'}}",
                    data(chunks).getLast());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{'text':'X'}",
                    "{'inlineData':{'mimeType':'image/png','data':'X'}}",
                    "{'functionCall':{'name':'f','willContinue':true,'partialArgs':[{'jsonPath':'$.a','stringValue':'X'}]}}"
                })
        @DisplayName("is no answer any more when it is larger than any")
        void endless(String part) throws Garbled {
            Event event = parts(part.replace("X", "x".repeat(1 << 20)), "");
            GeminiStreamToHub fold = new GeminiStreamToHub(new Heading(ID, 7, "mine", true));
            for (int i = 0; i < 3; i++) fold.next(event);
            assertThrows(Garbled.class, () -> through(fold, Collections.nCopies(20, event).toArray(Event[]::new)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "{'candidates':{}}",
                    "{'candidates':[1]}",
                    "{'candidates':[{'content':{'parts':{}}}]}",
                    "{'candidates':[{'index':-1}]}",
                    "{'candidates':[{'index':256}]}",
                    "{'candidates':[{'index':1e9}]}",
                    "{'candidates':[{'content':{'parts':['a']}}]}",
                    "{'candidates':[{'content':{'parts':[{'functionCall':{}}]}}]}",
                    "{'x':1}"
                })
        @DisplayName("may be no answer at all")
        void garbled(String event) {
            assertThrows(Garbled.class, () -> toHub(event(event)));
            assertThrows(
                    Garbled.class, () -> GeminiAnswer.toHub(event(event).data(), new Heading(ID, 7, "mine", true)));
        }

        @ParameterizedTest
        @CsvSource({
            "'STOP', stop",
            "'MAX_TOKENS', length",
            "'SAFETY', content_filter",
            "'RECITATION', content_filter",
            "'PROHIBITED_CONTENT', content_filter",
            "'LANGUAGE', content_filter",
            "'CONTINUATION', length",
            "'MALFORMED_FUNCTION_CALL', stop",
            "'SOMETHING_NEW', stop",
            "1, stop",
            "2, length",
            "3, content_filter",
            "9, stop",
            "77, stop"
        })
        @DisplayName("ends for a reason, which may be a number")
        void reasons(String reason, String expected) throws Garbled {
            List<Event> chunks = toHub(parts("{'text':'a'}", ",'finishReason':" + quoted(reason)));
            assertEquals(expected, chunks.get(1).data().at("/choices/0/finish_reason").asText());
        }

        @ParameterizedTest
        @ValueSource(strings = {"0", "'FINISH_REASON_UNSPECIFIED'", "''", "null"})
        @DisplayName("goes on while the reason is none")
        void noReasons(String reason) throws Garbled {
            assertEquals(1, toHub(parts("{'text':'a'}", ",'finishReason':" + reason)).size());
        }

        private static String quoted(String word) {
            return Character.isDigit(word.charAt(0)) ? word : "'" + word + "'";
        }
    }

    @Nested
    @DisplayName("made of chunks of the hub")
    class FromHub {
        private static final String TAIL = "'modelVersion':'mine','responseId':'" + ID + "'}";

        private static Event chunk(String choice) {
            return event("{'id':'x','object':'chat.completion.chunk','choices':[{'index':0," + choice + "}]}");
        }

        @Test
        @DisplayName("counts tokens in its last event, and has no [DONE]")
        void text() throws Garbled {
            List<Event> events =
                    fromHub(
                            chunk("'delta':{'role':'assistant','content':''},'finish_reason':null"),
                            chunk("'delta':{'reasoning_content':'hm'},'finish_reason':null"),
                            chunk("'delta':{'content':'a'},'finish_reason':null"),
                            chunk("'delta':{},'finish_reason':'stop'"),
                            event(
                                    "{'choices':[],'usage':{'prompt_tokens':3,'completion_tokens':5,'total_tokens':8,"
                                            + "'completion_tokens_details':{'reasoning_tokens':4}}}"),
                            Event.DONE);
            String begin = "{'candidates':[{'content':{'role':'model','parts':[";
            assertEquals(
                    List.of(
                            begin + "{'text':'hm','thought':true}]},'index':0}]," + TAIL,
                            begin + "{'text':'a'}]},'index':0}]," + TAIL,
                            "{'candidates':[{'finishReason':'STOP','index':0}],'usageMetadata':{'promptTokenCount':3,"
                                    + "'candidatesTokenCount':1,'thoughtsTokenCount':4,'totalTokenCount':8},"
                                    + TAIL),
                    data(events));
        }

        @Test
        @DisplayName("has calls whole, however they come")
        void calls() throws Garbled {
            List<Event> events =
                    fromHub(
                            chunk(
                                    "'delta':{'tool_calls':[{'index':0,'id':'x','function':{'name':'f','arguments':''}}]}"),
                            chunk(
                                    "'delta':{'tool_calls':[{'index':1,'id':'y','function':{'name':'g','arguments':'{\\'b\\':'}}]}"),
                            chunk("'delta':{'tool_calls':[{'index':0,'function':{'arguments':'{\\'a\\':1}'}}]}"),
                            chunk("'delta':{'tool_calls':[{'index':1,'function':{'arguments':'2}'}}]}"),
                            chunk("'delta':{},'finish_reason':'tool_calls'"));
            assertEquals(
                    List.of(
                            "{'candidates':[{'content':{'role':'model','parts':["
                                    + "{'functionCall':{'id':'x','name':'f','args':{'a':1}}}]},'index':0}],"
                                    + TAIL,
                            "{'candidates':[{'content':{'role':'model','parts':["
                                    + "{'functionCall':{'id':'y','name':'g','args':{'b':2}}}]},'index':0}],"
                                    + TAIL,
                            "{'candidates':[{'finishReason':'STOP','index':0}]," + TAIL),
                    data(events));
        }

        @Test
        @DisplayName("names the pages that were cited, each once, in its last event")
        void pages() throws Garbled {
            String cited = "{'type':'url_citation','url_citation':{'url':'https://a.example/','title':'A'}}";
            List<Event> events =
                    fromHub(
                            chunk("'delta':{'content':'a','annotations':[" + cited + "]}"),
                            chunk("'delta':{'annotations':[" + cited + "]},'finish_reason':'stop'"),
                            Event.DONE);
            assertEquals(
                    "{'candidates':[{'content':{'role':'model','parts':[{'text':'a'}]},'index':0}]," + TAIL,
                    data(events).getFirst());
            assertEquals(
                    "{'candidates':[{'finishReason':'STOP','index':0,'groundingMetadata':{'groundingChunks':["
                            + "{'web':{'uri':'https://a.example/','title':'A'}}]}}],"
                            + TAIL,
                    data(events).getLast());
        }

        @Test
        @DisplayName("that is cut has neither a reason nor half a call (U-27)")
        void cut() throws Garbled {
            List<Event> events =
                    fromHub(
                            chunk("'delta':{'content':'a'}"),
                            chunk(
                                    "'delta':{'tool_calls':[{'index':0,'id':'x','function':{'name':'f','arguments':'{'}}]}"));
            assertEquals(1, events.size(), events::toString);
        }

        @Test
        @DisplayName("whose last event was on its way comes to its end also without [DONE]")
        void withoutDone() throws Garbled {
            List<Event> events =
                    fromHub(chunk("'delta':{'content':'a'}"), chunk("'delta':{},'finish_reason':'length'"));
            assertEquals("{'candidates':[{'finishReason':'MAX_TOKENS','index':0}]," + TAIL, data(events).getLast());
        }

        @Test
        @DisplayName("ends with an error where the hub has one")
        void error() throws Garbled {
            List<Event> events =
                    fromHub(chunk("'delta':{'content':'a'}"), event("{'error':{'message':'no','code':429}}"));
            assertEquals("{'error':{'code':429,'message':'no','status':'RESOURCE_EXHAUSTED'}}", data(events).getLast());
        }
    }

    @Nested
    @DisplayName("gathered")
    class Collected {
        private static ObjectNode collected(Event... events) throws Garbled {
            GeminiCollect collect = new GeminiCollect();
            for (Event event : events) collect.add(event);
            return collect.whole();
        }

        @Test
        @DisplayName("joins texts that go on, up to a signature, and nothing else")
        void texts() throws Garbled {
            ObjectNode whole =
                    collected(
                            parts("{'text':'h','thought':true}", ""),
                            parts("{'text':'m','thought':true}", ""),
                            parts("{'text':'a'}", ""),
                            parts("{'text':'b'},{'text':'c'}", ""),
                            parts("{'text':'','thoughtSignature':'S'}", ""),
                            parts("{'text':'d'}", ",'finishReason':'STOP'"));
            assertEquals(
                    "[{'text':'hm','thought':true},{'text':'ab'},{'text':'c','thoughtSignature':'S'},{'text':'d'}]",
                    whole.at("/candidates/0/content/parts").toString().replace('"', '\''));
        }

        @Test
        @DisplayName("has each candidate, what it brought bit by bit, and what was said last of the rest")
        void candidates() throws Garbled {
            String probabilities = "'logprobsResult':{'chosenCandidates':[{'token':'a'}]}";
            ObjectNode whole =
                    collected(
                            event(
                                    "{'candidates':[{'index':1,'content':{'parts':[{'text':'x'}]}},{'index':0,"
                                            + probabilities
                                            + ",'citationMetadata':{'citations':[{'uri':'u'}]}}],"
                                            + "'usageMetadata':{'totalTokenCount':1}}"),
                            event(
                                    "{'candidates':[{'index':0,'finishReason':'STOP','citationMetadata':"
                                        + "{'citations':[{'uri':'u'},{'uri':'v'}]}},{'index':1,'finishReason':'SAFETY'}],"
                                            + USAGE
                                            + "}"));
            assertEquals(
                    ("{'candidates':[{'index':0,"
                                    + probabilities
                                    + ",'citationMetadata':{'citations':[{'uri':'u'},{'uri':'v'}]},'finishReason':'STOP'},"
                                    + "{'index':1,'content':{'parts':[{'text':'x'}]},'finishReason':'SAFETY'}],"
                                    + USAGE
                                    + "}")
                            .replace('\'', '"'),
                    whole.toString());
        }

        @Test
        @DisplayName("adds up the tokens' likelihoods, also of tokens that are the same")
        void likelihoods() throws Garbled {
            Event event =
                    event(
                            "{'candidates':[{'logprobsResult':{'chosenCandidates':[{'token':'a','logProbability':-1}]}}]}");
            assertEquals(2, collected(event, event).at("/candidates/0/logprobsResult/chosenCandidates").size());
        }

        @Test
        @DisplayName("is nothing when it is empty or an error")
        void none() {
            assertThrows(Garbled.class, Collected::collected);
            assertThrows(Garbled.class, () -> collected(event("{'error':{'code':500}}")));
        }
    }

    @Test
    @DisplayName("may have an event in an array of one")
    void arrayOfOne() throws Garbled, IOException {
        List<Event> chunks =
                toHub(parts("{'text':'a'}", ""), read("[{\"error\":{\"code\":500,\"message\":\"x\"}}]").orElseThrow());
        assertEquals("x", chunks.getLast().data().at("/error/message").asText());
        assertThrows(Garbled.class, () -> read("[]"));
        assertThrows(Garbled.class, () -> read("[{},{}]"));
    }

    private static Optional<Event> read(String data) throws Garbled, IOException {
        return Event.read(StreamReadingTest.events("data: " + data + "\n\n").getFirst());
    }
}
