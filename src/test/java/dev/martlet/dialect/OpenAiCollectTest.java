package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.wire.JsonTree;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/// Chunks that become a whole answer, and whole answers that become chunks.
class OpenAiCollectTest {
    private static final String HEAD =
            "\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"m\"";

    @Test
    @DisplayName("what OpenAI streams is what it would have said at once")
    void collectsAChat() throws Garbled {
        assertEquals(
                """
                {"id":"c1","object":"chat.completion","created":7,"model":"m","service_tier":"default","system_fingerprint":\
                "fp","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},\
                "finish_reason":"stop","logprobs":null}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\
                """,
                whole(
                        """
                        {HEAD,"service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{"role":"assistant",\
                        "content":"","refusal":null},"finish_reason":null}],"usage":null,"obfuscation":"xyz"}
                        {HEAD,"choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}],"usage":null,"obfuscation":"x"}
                        {HEAD,"choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}],"usage":null}
                        {HEAD,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}
                        {HEAD,"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}
                        """));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "texts that come in pieces"
                        + "|{\"refusal\":\"No\"} {\"refusal\":\", no\"} {\"reasoning\":\"a\"} {\"reasoning\":\"b\"}"
                        + " {\"reasoning_content\":\"c\"} {\"reasoning_content\":\"d\"}"
                        + "|\"content\":null,\"refusal\":\"No, no\",\"reasoning\":\"ab\",\"reasoning_content\":\"cd\"",
                "details of reasoning, one by one and piece by piece"
                    + "|{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"We\",\"index\":0,\"format\":null}]}"
                    + " {\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\" think\",\"index\":0}]}"
                    + " {\"reasoning_details\":[{\"type\":\"reasoning.text\",\"signature\":\"sig\",\"index\":0}]}"
                    + " {\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"x\",\"index\":1}]}"
                    + " {\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"y\",\"index\":1}]}|\"content\":null,\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"We"
                    + " think\",\"index\":0,"
                    + "\"format\":null,\"signature\":\"sig\"},{\"type\":\"reasoning.encrypted\",\"data\":\"x\",\"index\":1},"
                    + "{\"type\":\"reasoning.encrypted\",\"data\":\"y\",\"index\":1}]",
                "a character whose halves come one by one"
                        + "|{\"content\":\"a\\ud83d\"} {\"content\":\"\\ude00\"}"
                        + "|\"content\":\"a\ud83d\ude00\"",
                "content in parts, as Mistral thinks"
                        + "|{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm\"}]}]}"
                        + " {\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"m\"}]}]}"
                        + " {\"content\":\"Yes\"} {\"content\":\".\"}"
                        + "|\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hmm\"}]},"
                        + "{\"type\":\"text\",\"text\":\"Yes.\"}]",
                "a call in pieces"
                    + "|{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}"
                    + " {\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}"
                    + "|\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]",
                "calls whose pieces alternate"
                    + "|{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"[\"}},"
                    + "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}"
                    + " {\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"]\"}}]}"
                    + " {\"tool_calls\":[{\"index\":1,\"id\":null,\"function\":{\"name\":null,\"arguments\":\"}\"}}]}"
                    + "|\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"[]\"}},"
                    + "{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]",
                "whole calls without an index"
                    + "|{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
                    + "{\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"
                    + "|\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
                    + "{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]",
                "whole calls that all have the same index, as Gemini's endpoint sends them"
                    + "|{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"
                    + " {\"tool_calls\":[{\"index\":0,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"},"
                    + "\"extra_content\":{\"google\":{\"thought_signature\":\"s\"}}}]}"
                    + "|\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
                    + "{\"id\":\"b\",\"type\":\"function\",\"extra_content\":{\"google\":{\"thought_signature\":\"s\"}},"
                    + "\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]",
                "calls without an id, their arguments bare or left out"
                    + "|{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]}"
                    + " {\"tool_calls\":[{\"function\":{\"name\":\"g\",\"arguments\":null}}]}"
                    + "|\"content\":null,\"tool_calls\":[{\"id\":\"call_0\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}},"
                    + "{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]",
                "a call of a tool that takes text"
                    + "|{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"x\"}}]}"
                    + " {\"tool_calls\":[{\"index\":0,\"custom\":{\"input\":\"y\"}}]}"
                    + "|\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"xy\"}}]",
                "a call of the first kind|{\"function_call\":{\"name\":\"f\",\"arguments\":\"{\"}}"
                        + " {\"function_call\":{\"arguments\":\"}\"}}"
                        + "|\"content\":null,\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}",
                "sound, in pieces of one text and in pieces of their own|{\"audio\":{\"id\":\"s\",\"data\":\"QQ==\"}}"
                    + " {\"audio\":{\"data\":\"Qg==\",\"transcript\":\"a\"}}"
                    + " {\"audio\":{\"transcript\":\"b\",\"expires_at\":9}}"
                    + "|\"content\":null,\"audio\":{\"id\":\"s\",\"transcript\":\"ab\",\"expires_at\":9,\"data\":\"QUI=\"}",
                "annotations, and what nobody knows|{\"annotations\":[{\"a\":1}],\"x\":\"old\",\"graph\":{\"a\":1}}"
                    + " {\"annotations\":[{\"b\":2}],\"x\":\"new\",\"graph\":{\"b\":[2]}} {\"x\":null}"
                    + "|\"content\":null,\"annotations\":[{\"a\":1},{\"b\":2}],\"x\":\"new\",\"graph\":{\"a\":1,\"b\":[2]}",
                "a list that is told again as it grows"
                        + "|{\"images\":[{\"a\":1}]} {\"images\":[{\"a\":1},{\"b\":2}]}"
                        + "|\"content\":null,\"images\":[{\"a\":1},{\"b\":2}]"
            })
    void collectsDeltas(String what, String deltas, String message) throws Garbled {
        StringBuilder chunks = new StringBuilder();
        for (String delta : deltas.strip().split(" (?=\\{\")", -1)) {
            chunks.append("{HEAD,\"choices\":[{\"index\":0,\"delta\":").append(delta).append("}]}\n");
        }
        String expected =
                "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":7,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\","
                        + message
                        + "},\"finish_reason\":null}]}";
        assertEquals(complete(expected), tree(whole(chunks.toString())), what);
    }

    @Test
    @DisplayName(
            "several choices with what belongs to each: Azure's filters, the probabilities of tokens, reasons of its"
                    + " own")
    void collectsChoices() throws Garbled {
        assertEquals(
                complete(
                        """
                        {"prompt_filter_results":[{"prompt_index":0}],"object":"chat.completion","id":"c1","created":7,"model":"m",\
                        "choices":[{"index":0,"message":{"role":"assistant","content":"a"},"content_filter_results":{"hate":{"filtered":\
                        false},"violence":{"filtered":true}},"logprobs":{"content":[{"token":"a"},{"token":"b"}],"refusal":null},\
                        "finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":"b"},"finish_reason":"length",\
                        "native_finish_reason":"max","logprobs":null}]}\
                        """),
                tree(
                        whole(
                                """
                                {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0}]}
                                {HEAD,"choices":[{"index":1,"delta":{"content":"b"}}]}
                                {HEAD,"choices":[{"index":0,"delta":{"content":"a"},"content_filter_results":{"hate":{"filtered":false}},\
                                "logprobs":{"content":[{"token":"a"}],"refusal":null}}]}
                                {HEAD,"choices":[{"index":0,"delta":{},"finish_reason":"stop","content_filter_results":{"violence":\
                                {"filtered":true}},"logprobs":{"content":[{"token":"b"}],"refusal":null}}]}
                                {HEAD,"choices":[{"index":1,"delta":{},"finish_reason":"length","native_finish_reason":"max","logprobs":null}]}
                                {"choices":[{"index":0,"content_filter_results":{"hate":{"filtered":false}},"finish_reason":null}],\
                                "created":0,"id":"","model":"","object":""}
                                """)));
    }

    @Test
    @DisplayName("of each of Azure's filters the worst that it found in any piece")
    void collectsWhatFiltersFound() throws Garbled {
        assertEquals(
                """
                {"hate":{"filtered":false,"severity":"low"},"violence":{"filtered":true,"severity":"medium"},\
                "protected_material_text":{"detected":true,"filtered":false},"sexual":{"filtered":false,"severity":"safe"}}\
                """,
                tree(whole(
                                """
                                {HEAD,"choices":[{"index":0,"delta":{"content":"a"},"content_filter_results":{}}]}
                                {HEAD,"choices":[{"index":0,"delta":{"content":"b"},"content_filter_results":{"hate":{"filtered":false,\
                                "severity":"low"},"violence":{"filtered":true,"severity":"medium"},"protected_material_text":\
                                {"detected":true,"filtered":false}}}]}
                                {HEAD,"choices":[{"index":0,"delta":{},"content_filter_results":{"hate":{"filtered":false,"severity":\
                                "safe"},"violence":{"filtered":false,"severity":"high"},"protected_material_text":{"detected":false,\
                                "filtered":false},"sexual":{"filtered":false,"severity":"safe"}}}]}
                                """))
                        .at("/choices/0/content_filter_results")
                        .toString());
    }

    @Test
    @DisplayName("a text, with lists that have an entry for each token")
    void collectsAText() throws Garbled {
        assertEquals(
                """
                {"id":"t","object":"text_completion","model":"m","choices":[{"index":0,"text":"ab","finish_reason":"length",\
                "logprobs":{"tokens":["a","b"],"token_logprobs":[-1,-2]}}],"usage":{"total_tokens":2}}\
                """,
                whole(
                        """
                        {"id":"t","object":"text_completion","model":"m","choices":[{"index":0,"text":"a","finish_reason":null,\
                        "logprobs":{"tokens":["a"],"token_logprobs":[-1]}}]}
                        {"id":"t","object":"text_completion","model":"m","choices":[{"index":0,"text":"b","finish_reason":"length",\
                        "logprobs":{"tokens":["b"],"token_logprobs":[-2]}}],"usage":{"total_tokens":2}}
                        """));
    }

    @Test
    @DisplayName("what is told beside the deltas counts where these say nothing; usage where Groq has it")
    void collectsWhatOthersMadeOfIt() throws Garbled {
        assertEquals(
                """
                {"id":"c1","object":"chat.completion","created":7,"model":"m","citations":["u"],"x_groq":{"id":"r","usage":\
                {"total_tokens":3}},"choices":[{"index":0,"message":{"role":"assistant","content":"ab","refusal":null,"sources":[1]},\
                "finish_reason":"stop","logprobs":null}],"usage":{"total_tokens":3}}\
                """,
                whole(
                        """
                        {HEAD,"citations":["u"],"x_groq":{"id":"r"},"choices":[{"index":0,"delta":{"content":"a"},\
                        "message":{"content":"a"}}]}
                        {HEAD,"citations":["u"],"x_groq":{"usage":{"total_tokens":3}},"choices":[{"index":0,"delta":\
                        {"content":"b"},"finish_reason":"stop","message":{"content":"ab","sources":[1]}}]}
                        """));
    }

    @Test
    @DisplayName("usage in a choice, where Moonshot has it, is that of the answer")
    void collectsUsageOfAChoice() throws Garbled {
        assertEquals(
                3,
                tree(whole("{HEAD,\"choices\":[{\"index\":0,\"delta\":{},\"usage\":{\"total_tokens\":3}}]}"))
                        .at("/usage/total_tokens")
                        .intValue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"choices\":[]}",
                "{\"choices\":1}",
                "{\"choices\":[1]}",
                "{\"choices\":[{\"index\":-1}]}",
                "{\"choices\":[{\"index\":100000}]}",
                "{\"choices\":[{\"delta\":\"x\"}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[1]}}]}",
                "{\"error\":{\"message\":\"x\"},\"choices\":[{\"delta\":{}}]}"
            })
    void whatIsNoChunkIsNoAnswer(String chunks) {
        assertThrows(Garbled.class, () -> whole(chunks));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"id":"c1","object":"chat.completion","created":7,"model":"m","citations":["u"],"choices":[\
                {"index":0,"message":{"role":"assistant","content":"a","refusal":null,"annotations":[{"a":1}]},\
                "finish_reason":"stop","logprobs":{"content":[{"token":"a"}],"refusal":null}},\
                {"index":1,"message":{"role":"assistant","content":null,"tool_calls":[\
                {"id":"x","type":"function","function":{"name":"f","arguments":"{}"}},\
                {"id":"y","type":"custom","custom":{"name":"g","input":"z"}}]},"finish_reason":"tool_calls"}],\
                "usage":{"total_tokens":3}}\
                """,
                """
                {"id":"t","object":"text_completion","model":"m","choices":[{"index":0,"text":"ab","finish_reason":"length",\
                "logprobs":{"tokens":["a","b"]}}]}\
                """,
                """
                {"object":"chat.completion","choices":[\
                {"index":0,"message":{"role":"assistant","content":""},"finish_reason":"stop"}]}\
                """
            })
    @DisplayName("what is unfolded and collected again is what it was")
    void thereAndBack(String answer) throws Garbled {
        OpenAiCollect collect = new OpenAiCollect();
        for (Event event : OpenAiUnfold.of(tree(answer))) collect.add(event);
        assertEquals(complete(answer), collect.whole());
    }

    private static String whole(String chunks) throws Garbled {
        OpenAiCollect collect = new OpenAiCollect();
        for (String line : chunks.replace("HEAD", HEAD).split("\n", -1)) {
            if (!line.isBlank()) collect.add(Event.of(tree(line)));
        }
        collect.add(Event.DONE);
        return new String(JsonTree.write(collect.whole()), StandardCharsets.UTF_8);
    }

    /// With what every whole chat has, though it be null.
    private static ObjectNode complete(String json) {
        ObjectNode whole = tree(json);
        for (JsonNode choice : whole.path("choices")) {
            if (!(choice.path("message") instanceof ObjectNode message)) continue;
            if (!message.has("refusal")) message.putNull("refusal");
            if (!choice.has("logprobs")) ((ObjectNode) choice).putNull("logprobs");
        }
        return whole;
    }

    private static ObjectNode tree(String json) {
        return (ObjectNode) JsonTree.read(bytes(json)).orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
