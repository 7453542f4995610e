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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A piece is written `index id name arguments`, with `-` for what it does not say; pieces of one delta are separated by
/// `,`, deltas by `/`. A call is written `id name arguments`.
@DisplayName("The pieces of tool calls in a stream")
class CallPiecesTest {
    private static final String NOTHING = "-";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "by index|0 a f {/0 - - }|a f {}",
                "by index, mixed|0 a f [,1 b g {/1 - - }/0 - - ]|a f [],b g {}",
                "the id once more|0 a f {/0 a - }|a f {}",
                "the name once more|0 a f {/0 - f }|a f {}",
                "the name once more, and nothing behind|0 a f {}/0 - f -|a f {}",
                "another id in each piece|0 a f {/0 b - }|a f {}",
                "first the id, then the name|0 a - -/0 - f -/0 - - {}|a f {}",
                "an index beyond belief|2147483647 a f {/2147483647 - - }/-5 b g {}|a f {},b g {}",
                "one index for all, and ids|0 a f {}/0 b g {}|a f {},b g {}",
                "one index for all, ids, and mixed|0 a f {,0 b g {/0 a - },0 b - }|a f {},b g {}",
                "one index for all, and no ids|0 - f {}/0 - f {}/0 - g {}|call_0 f {},call_1 f {},call_2 g {}",
                "no index, whole|- a f {},- b g {}/- c f {}|a f {},b g {},c f {}",
                "no index and no id, whole|- - f {}/- - f -|call_0 f {},call_1 f -",
                "no index|- a f {/- - - }/- b g {/- - - }|a f {},b g {}",
                "no index, mixed by id|- a f {,- b g {/- a - },- b - }|a f {},b g {}",
                "no index, mixed by place|- c h {}/- a f -,- b g -/- - - [],- - - {}|c h {},a f [],b g {}",
                "no index, one goes on and another begins|- a f {,- b g {/- - - },- c h {}|a f {,b g {},c h {}",
                "no index behind the first|0 a f {/- - - }|a f {}",
                "an index behind the first|- a f {/0 - - }|a f {}"
            })
    void findTheirCalls(String what, String stream, String expected) throws Garbled {
        List<String> deltas = new ArrayList<>();
        for (String delta : stream.split("/", -1)) deltas.add(delta(delta));
        assertEquals(List.of(expected.split(",", -1)), collected(deltas), what);
        assertEquals(List.of(expected.split(",", -1)), streamed(deltas), what);
    }

    @Test
    @DisplayName("are of at most 1,024 calls: each piece looks for its own")
    void areBounded() {
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i <= 1024; i++) pieces.add(i + " - f {}");
        assertThrows(Garbled.class, () -> collected(List.of(delta(String.join(",", pieces)))));
    }

    private static List<String> collected(List<String> deltas) throws Garbled {
        OpenAiCollect collect = new OpenAiCollect();
        for (String delta : deltas) collect.add(Event.of(chunk(delta, "null")));
        List<String> calls = new ArrayList<>();
        for (JsonNode call : collect.whole().at("/choices/0/message/tool_calls")) {
            calls.add(call(call.path("id"), call.at("/function/name"), call.at("/function/arguments").asText()));
        }
        return calls;
    }

    /// As Anthropic's callers get them.
    private static List<String> streamed(List<String> deltas) throws Garbled {
        Fold fold = new AnthropicStreamFromHub(new Heading("id", 0, "m", true));
        List<Event> events = new ArrayList<>();
        for (String delta : deltas) events.addAll(fold.next(Event.of(chunk(delta, "null"))));
        events.addAll(fold.next(Event.of(chunk("", "\"tool_calls\""))));
        events.addAll(fold.next(Event.DONE));
        List<ObjectNode> blocks = new ArrayList<>();
        List<StringBuilder> arguments = new ArrayList<>();
        for (Event event : events) {
            if (event.data().path("content_block") instanceof ObjectNode block) {
                blocks.add(block);
                arguments.add(new StringBuilder());
            }
            arguments.stream()
                    .skip(event.data().path("index").asInt())
                    .findFirst()
                    .ifPresent(text -> text.append(event.data().at("/delta/partial_json").asText("")));
        }
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            calls.add(call(blocks.get(i).path("id"), blocks.get(i).path("name"), arguments.get(i).toString()));
        }
        return calls;
    }

    private static String call(JsonNode id, JsonNode name, String arguments) {
        return id.asText() + " " + name.asText() + " " + (arguments.isEmpty() ? NOTHING : arguments);
    }

    private static String delta(String pieces) {
        List<String> written = new ArrayList<>();
        for (String piece : pieces.split(",", -1)) written.add(piece(piece.split(" ", -1)));
        return String.join(",", written);
    }

    private static String piece(String... said) {
        List<String> members = new ArrayList<>();
        if (!said[0].equals(NOTHING)) members.add("\"index\":" + said[0]);
        if (!said[1].equals(NOTHING)) members.add("\"id\":\"" + said[1] + "\"");
        String name = said[2].equals(NOTHING) ? "" : "\"name\":\"" + said[2] + "\",";
        String arguments = said[3].equals(NOTHING) ? "" : said[3];
        members.add("\"function\":{" + name + "\"arguments\":\"" + arguments + "\"}");
        return "{" + String.join(",", members) + "}";
    }

    private static ObjectNode chunk(String calls, String reason) {
        String chunk =
                "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":["
                        + calls
                        + "]},\"finish_reason\":"
                        + reason
                        + "}]}";
        return (ObjectNode) JsonTree.read(chunk.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }
}
