package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.Dialect;
import dev.martlet.dialect.WireSchema.Document;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The schemas know what is right, and notice what is not: one document that is sound, broken in one place.
@DisplayName("The providers' schemas")
class WireSchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<Dialect, Map<Document, String>> SOUND = new EnumMap<>(Dialect.class);

    static {
        SOUND.put(
                Dialect.OPENAI,
                Map.of(
                        Document.REQUEST,
                        """
                        {"model": "m", "stream": true, "max_completion_tokens": 9, "messages": [
                          {"role": "user", "content": [{"type": "text", "text": "a"},
                            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]},
                          {"role": "assistant", "content": null, "tool_calls": [
                            {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                          {"role": "tool", "tool_call_id": "1", "content": "c"}],
                         "tools": [{"type": "function", "function": {"name": "f", "parameters": {"any": {"thing": 1}}}}]}
                        """,
                        Document.ANSWER,
                        """
                        {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [{"index": 0,
                          "message": {"role": "assistant", "content": null, "refusal": null, "reasoning_content": "b",
                            "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": ""},
                              "extra_content": {"google": {"thought_signature": "c"}}}]}, "logprobs": null,
                          "finish_reason": "stop"}],
                         "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}}
                        """,
                        Document.EVENT,
                        """
                        {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [{"index": 0,
                          "delta": {"content": "a"}, "finish_reason": null}], "usage": null}
                        """,
                        Document.ERROR,
                        """
                        {"error": {"message": "a", "type": "b", "param": null, "code": "c"}}
                        """));
        SOUND.put(
                Dialect.ANTHROPIC,
                Map.of(
                        Document.REQUEST,
                        """
                        {"model": "m", "max_tokens": 9, "stream": true, "temperature": 0.5,
                         "system": [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}],
                         "messages": [{"role": "user", "content": "b"},
                          {"role": "assistant", "content": [{"type": "thinking", "thinking": "c", "signature": "d"},
                            {"type": "tool_use", "id": "1", "name": "f", "input": {"any": {"thing": 1}}}]},
                          {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "e"}]}],
                         "tools": [{"name": "f", "input_schema": {"type": "object", "properties": {"any": {}}}}]}
                        """,
                        Document.ANSWER,
                        """
                        {"id": "1", "type": "message", "role": "assistant", "model": "m", "content": [
                          {"type": "text", "text": "a", "citations": null}], "stop_reason": "end_turn",
                         "stop_sequence": null, "usage": {"input_tokens": 1, "output_tokens": 2}}
                        """,
                        Document.EVENT,
                        """
                        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}}
                        """,
                        Document.ERROR,
                        """
                        {"type": "error", "error": {"type": "overloaded_error", "message": "a"}, "request_id": "1"}
                        """));
        SOUND.put(
                Dialect.GEMINI,
                Map.of(
                        Document.REQUEST,
                        """
                        {"contents": [{"role": "user", "parts": [{"text": "a"},
                          {"inlineData": {"mimeType": "image/png", "data": "AA=="}}]},
                          {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"any": {"thing": 1}}},
                            "thoughtSignature": "b"}]}],
                         "systemInstruction": {"parts": [{"text": "c"}]},
                         "tools": [{"functionDeclarations": [{"name": "f", "parametersJsonSchema": {"any": 1}}]}],
                         "generationConfig": {"temperature": 1, "thinkingConfig": {"includeThoughts": true}}}
                        """,
                        Document.ANSWER,
                        """
                        {"candidates": [{"index": 0, "content": {"role": "model", "parts": [{"text": "a"}]},
                          "finishReason": "STOP"}], "modelVersion": "m", "responseId": "1",
                         "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, "totalTokenCount": 3}}
                        """,
                        Document.EVENT,
                        """
                        {"candidates": [{"content": {"parts": [{"text": "a"}]}}]}
                        """,
                        Document.ERROR,
                        """
                        {"error": {"code": 400, "message": "a", "status": "INVALID_ARGUMENT", "details": []}}
                        """,
                        Document.EMBEDDINGS_REQUEST,
                        """
                        {"requests": [{"model": "models/m", "content": {"parts": [{"text": "a"}]}}]}
                        """,
                        Document.EMBEDDINGS_ANSWER,
                        """
                        {"embeddings": [{"values": [0.5]}]}
                        """));
    }

    @ParameterizedTest(name = "{0} {1} {2} = {3}: {4}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    OPENAI    | REQUEST | /top_k                          | 1             | 'top_k' is not known
                    OPENAI    | REQUEST | /messages                       | []            | /messages
                    OPENAI    | REQUEST | /messages/0/role                | "model"       | /messages/0/role
                    OPENAI    | REQUEST | /messages/0/content/0/citations | []            | 'citations' is not known
                    OPENAI    | REQUEST | /messages/1/tool_calls/0/function/arguments | {} | arguments object found
                    OPENAI    | REQUEST | /messages/1/tool_calls/0/extra_content | {}     | 'extra_content' is not known
                    OPENAI    | REQUEST | /messages/1/reasoning_content   | "a"           | 'reasoning_content' is not known
                    OPENAI    | REQUEST | /messages/2/tool_call_id        | REMOVED       | 'tool_call_id' not found
                    OPENAI    | REQUEST | /temperature                    | 2.5           | /temperature
                    OPENAI    | ANSWER  | /choices/0/finish_reason        | "end_turn"    | /choices/0/finish_reason
                    OPENAI    | ANSWER  | /choices/0/message/refusal      | REMOVED       | 'refusal' not found
                    OPENAI    | ANSWER  | /choices/0/message/tool_calls/0/index | 1       | 'index' is not known
                    OPENAI    | ANSWER  | /choices/0/message/thinking     | "a"           | 'thinking' is not known
                    OPENAI    | ANSWER  | /usage/total_tokens             | REMOVED       | 'total_tokens' not found
                    OPENAI    | EVENT   | /choices/0/delta                | REMOVED       | 'delta' not found
                    OPENAI    | EVENT   | /object                         | "chat.completion" | /object
                    OPENAI    | ERROR   | /error/code                     | REMOVED       | 'code' not found
                    ANTHROPIC | REQUEST | /max_tokens                     | REMOVED       | 'max_tokens' not found
                    ANTHROPIC | REQUEST | /n                              | 2             | 'n' is not known
                    ANTHROPIC | REQUEST | /messages/0/role                | "tool"        | /messages/0/role
                    ANTHROPIC | REQUEST | /messages/1/content/0/signature | REMOVED       | /messages/1/content/0
                    ANTHROPIC | REQUEST | /messages/1/content/1/input     | "{}"          | input string found
                    ANTHROPIC | REQUEST | /system/0/extra_content         | {}            | 'extra_content' is not known
                    ANTHROPIC | REQUEST | /tools/0/input_schema/type      | "array"       | /tools/0
                    ANTHROPIC | ANSWER  | /stop_reason                    | "stop"        | /stop_reason
                    ANTHROPIC | ANSWER  | /usage/input_tokens             | REMOVED       | 'input_tokens' not found
                    ANTHROPIC | ANSWER  | /content/0/type                 | "message"     | /content/0
                    ANTHROPIC | EVENT   | /index                          | REMOVED       | 'index' not found
                    ANTHROPIC | EVENT   | /delta/type                     | "text"        | /delta/type
                    ANTHROPIC | ERROR   | /error/type                     | "bad"         | /error/type
                    GEMINI    | REQUEST | /contents/0/parts/0/inline_data | {}            | 'inline_data' is not known
                    GEMINI    | REQUEST | /generationConfig/max_tokens    | 1             | 'max_tokens' is not known
                    GEMINI    | REQUEST | /contents                       | REMOVED       | 'contents' not found
                    GEMINI    | REQUEST | /contents/1/parts/0/functionCall/args | "{}"    | args string found
                    GEMINI    | REQUEST | /tools/0/functionDeclarations/0/strict | true   | 'strict' is not known
                    GEMINI    | ANSWER  | /candidates/0/finishReason      | "TOOL_CALLS"  | /candidates/0/finishReason
                    GEMINI    | ANSWER  | /usageMetadata/promptTokenCount | "1"           | promptTokenCount string found
                    GEMINI    | EVENT   | /object                         | "chunk"       | 'object' is not known
                    GEMINI    | ERROR   | /error/code                     | "bad"         | /error/code
                    GEMINI    | EMBEDDINGS_REQUEST | /requests/0/input    | "a"           | 'input' is not known
                    GEMINI    | EMBEDDINGS_ANSWER  | /embeddings/0/values | REMOVED       | 'values' not found
                    """)
    void noticeWhatIsWrong(Dialect dialect, Document document, String place, String value, String fault)
            throws IOException {
        WireSchema schema = WireSchema.of(dialect, document);
        String sound = sound(dialect, document);
        assertEquals(Optional.empty(), schema.fault(JSON.readTree(sound)));

        String found = schema.fault(broken(sound, place, value)).orElse("nothing");
        assertTrue(found.contains(fault), found);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"OPENAI, /choices/0/x", "ANTHROPIC, /content/0/x", "GEMINI, /candidates/0/x"})
    @DisplayName("let providers have names of their own")
    void openOnesTakeMore(Dialect dialect, String place) throws IOException {
        JsonNode more = broken(sound(dialect, Document.ANSWER), place, "1");
        assertEquals(Optional.empty(), WireSchema.open(dialect, Document.ANSWER).fault(more));
        assertTrue(WireSchema.of(dialect, Document.ANSWER).fault(more).isPresent());
    }

    private static String sound(Dialect dialect, Document document) {
        return Objects.requireNonNull(Objects.requireNonNull(SOUND.get(dialect)).get(document));
    }

    private static JsonNode broken(String sound, String place, String value) throws IOException {
        JsonNode tree = JSON.readTree(sound);
        int last = place.lastIndexOf('/');
        JsonNode parent = tree.at(place.substring(0, last));
        String name = place.substring(last + 1);
        if (parent instanceof ArrayNode list) list.set(Integer.parseInt(name), JSON.readTree(value));
        else if (value.equals("REMOVED")) ((ObjectNode) parent).remove(name);
        else ((ObjectNode) parent).set(name, JSON.readTree(value));
        return tree;
    }
}
