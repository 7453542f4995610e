package dev.martlet.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Body;
import dev.martlet.Call;
import dev.martlet.Fields;
import dev.martlet.Lane;
import dev.martlet.LaneChoice;
import dev.martlet.Surface;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// The lanes, as a table: method, path behind the service's name, a header line, the body (a number is the length of one
/// that flows), and the reason with its lane.
class LaneRuleTest {
    @ParameterizedTest(name = "{0} {1} [{2}] {3}: {4}")
    @DisplayName("each shape of request has its lane")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    GET     | /v1/models                              |                            |                                | edge, Method suitable for Edge
                    HEAD    | /v1/models                              |                            |                                | edge, Method suitable for Edge
                    OPTIONS | /v1/chat/completions                    |                            |                                | edge, Method suitable for Edge
                    GET     | /v1/files                               |                            |                                | edge, Method suitable for Edge
                    GET     | /v1/files/file-1/content                |                            |                                | edge, Method suitable for Edge
                    GET     | /v1/fine_tuning/jobs/ftjob-1/events     | Accept: text/event-stream  |                                | edge, Method suitable for Edge
                    GET     | /v1/batches?stream=true                 |                            |                                | edge, Method suitable for Edge
                    POST    | /v1/chat/completions                    | Content-Type: application/json | {"stream":true}            | edge, Streaming request
                    POST    | /v1/chat/completions                    | Content-Type: application/json; charset=utf-8 | {"model":"m", "stream" : true} | edge, Streaming request
                    POST    | /v1/chat/completions                    |                            | {"stream":true}                | edge, Streaming request
                    POST    | /v1/completions                         | Content-Type: application/json | {"stream":true}            | edge, Streaming request
                    POST    | /v1/messages                            | Content-Type: application/json | {"stream":true}            | edge, Streaming request
                    POST    | /v1/messages?beta=true                  | Content-Type: application/json | {"stream":true}            | edge, Streaming request
                    POST    | /v1/responses                           | Content-Type: application/json | {"stream":true}            | edge, Streaming request
                    POST    | /v1/realtime/sessions                   | Content-Type: application/json | {"stream":true}            | edge, Streaming request
                    POST    | /v1/engines/davinci/completions         | Content-Type: application/json | {"stream":true}            | edge, Streaming request
                    POST    | /openai/v1/chat/completions             | Content-Type: application/json | {"stream":true}            | edge, Streaming request
                    POST    | /v1/chat/completions                    | Content-Type: APPLICATION/JSON | {"stream":true}            | edge, Streaming request
                    POST    | /v1/chat/completions                    | Content-Type: application/json | {"stream":false}           | edge, Default to Edge
                    POST    | /v1/chat/completions                    | Content-Type: application/json | {"stream":"true"}          | edge, Default to Edge
                    POST    | /v1/chat/completions                    | Content-Type: application/json | {"stream":1}               | edge, Default to Edge
                    POST    | /v1/chat/completions                    | Content-Type: application/json | {"a":{"stream":true}}      | edge, Default to Edge
                    POST    | /v1/chat/completions                    | Content-Type: application/json | [{"stream":true}]          | edge, Default to Edge
                    POST    | /v1/chat/completions                    | Content-Type: application/json | {"stream":true             | edge, Default to Edge
                    POST    | /v1/chat/completions                    | Content-Type: application/json |                            | edge, Default to Edge
                    POST    | /v1/chat/completions                    | Content-Type: text/plain   | {"stream":true}                | edge, Default to Edge
                    PUT     | /v1/chat/completions                    | Content-Type: application/json | {"stream":true}            | edge, Default to Edge
                    POST    | /v1/other                               | Content-Type: application/json | {"stream":true}            | edge, Default to Edge
                    POST    | /v1/other                               | Accept: text/event-stream  | {}                             | edge, Streaming request
                    POST    | /v1/other                               | Accept: application/json, Text/Event-Stream | {}            | edge, Streaming request
                    POST    | /v1/images/generations                  | Accept: text/event-stream  | {}                             | edge, Streaming request
                    POST    | /v1/audio/transcriptions?stream=true    |                            | {}                             | edge, Streaming request
                    POST    | /v1beta/models/g:streamGenerateContent?alt=sse&stream=true | |  {}                                      | edge, Streaming request
                    POST    | /v1/other?stream=false                  |                            | {}                             | edge, Default to Edge
                    POST    | /v1/other?upstream=true                 |                            | {}                             | edge, Default to Edge
                    DELETE  | /v1/other?stream=true                   |                            |                                | edge, Streaming request
                    POST    | /v1/audio/transcriptions                | Content-Type: multipart/form-data; boundary=b | x             | background, Long-running API
                    POST    | /v1/audio/translations                  |                            | x                              | background, Long-running API
                    POST    | /v1/images/generations                  | Content-Type: application/json | {"stream":true}            | background, Long-running API
                    POST    | /v1/images/edits                        |                            | x                              | background, Long-running API
                    POST    | /v1/images/variations                   |                            | x                              | background, Long-running API
                    POST    | /v1/embeddings                          | Content-Type: application/json | {"input":"x"}              | background, Long-running API
                    POST    | /openai/v1/embeddings                   | Content-Type: application/json | {"input":"x"}              | background, Long-running API
                    POST    | /v1/fine-tunes                          |                            | x                              | background, Long-running API
                    POST    | /v1/fine_tuning/jobs                    |                            | x                              | background, Long-running API
                    POST    | /v1/files                               |                            | x                              | background, Long-running API
                    DELETE  | /v1/files/file-1                        |                            |                                | background, Long-running API
                    POST    | /v1/batches                             |                            | x                              | background, Long-running API
                    POST    | /v1/batches/batch-1/cancel              |                            |                                | background, Long-running API
                    POST    | /v1/audio/speech                        | Content-Type: application/json | {"input":"x"}              | edge, Default to Edge
                    POST    | /v1/moderations                         | Content-Type: application/json | {"input":"x"}              | edge, Default to Edge
                    POST    | /v1/chat/completions                    |                            | 1048576                        | edge, Default to Edge
                    POST    | /v1/chat/completions                    |                            | 1048577                        | background, Large request body: 1.00MB
                    PUT     | /upload                                 |                            | 1289748                        | background, Large request body: 1.23MB
                    PATCH   | /upload                                 |                            | 536870912                      | background, Large request body: 512.00MB
                    POST    | /v1/files                               |                            | 536870912                      | background, Long-running API
                    POST    | /v1/other?stream=true                   |                            | 1289748                        | edge, Streaming request
                    GET     | /v1/other                               |                            | 1289748                        | edge, Method suitable for Edge
                    POST    | /v1/chat/completions                    |                            | -1                             | edge, Default to Edge
                    """)
    void hasItsLane(String method, String target, String field, String body, String expected) {
        LaneChoice choice = choice(method, target, field == null ? "" : field, body == null ? "" : body);
        assertEquals(expected, choice.lane().word() + ", " + choice.text());
    }

    @Test
    @DisplayName("of every reason the word and the lane are those of the table")
    void reasons() {
        for (LaneChoice.Reason reason : LaneChoice.Reason.values()) {
            boolean background = reason == LaneChoice.Reason.LONG_RUNNING || reason == LaneChoice.Reason.LARGE_BODY;
            assertEquals(background ? Lane.BACKGROUND : Lane.EDGE, reason.lane());
            assertTrue(reason.word().matches("[a-z_]+"));
        }
    }

    private static LaneChoice choice(String method, String target, String field, String body) {
        boolean flows = body.matches("-?[0-9]+");
        long length = flows ? Long.parseLong(body) : 0;
        byte[] bytes = flows ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        OptionalLong known =
                flows ? length < 0 ? OptionalLong.empty() : OptionalLong.of(length) : OptionalLong.of(bytes.length);
        Body given = body.isEmpty() ? new Body.None() : new Body.Flowing(InputStream.nullInputStream(), known);
        int colon = field.indexOf(": ");
        Fields fields = colon < 0 ? Fields.NONE : Fields.of(field.substring(0, colon), field.substring(colon + 2));
        String path = "/gateway/any" + target;
        Call call = new Call("id", Surface.SERVICES, method, path, fields, "127.0.0.1", given, 0);
        return LaneRule.choose(call, bytes);
    }
}
