package dev.martlet.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.CallRecord;
import dev.martlet.Cause;
import dev.martlet.Ending;
import dev.martlet.Halt;
import dev.martlet.Lane;
import dev.martlet.LaneChoice;
import dev.martlet.Operation;
import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.Surface;
import dev.martlet.Tried;
import dev.martlet.Usage;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

class CallLineTest {
    @Test
    void saysByWhichLaneAServiceWasReached() {
        CallRecord.Way way = new CallRecord.Way(new LaneChoice(LaneChoice.Reason.LARGE_BODY, 1_289_748), Lane.EDGE);
        CallRecord call =
                new CallRecord(
                        "id-1",
                        Surface.SERVICES,
                        "PUT",
                        "/gateway/svc/a",
                        "192.0.2.7",
                        200,
                        List.of(new Tried("svc", new Signal.Good(200), 3)),
                        Optional.empty(),
                        Optional.empty(),
                        10,
                        20,
                        OptionalLong.of(4),
                        5,
                        Ending.COMPLETE,
                        Optional.empty(),
                        Optional.of(way));
        assertEquals(
                "PUT /gateway/svc/a -> 200 (5ms) id=id-1 client=192.0.2.7 surface=services lane=edge from=background"
                        + " reason=\"Large request body: 1.23MB\" trail=[svc:200(3ms)] in=10 out=20 first=4ms"
                        + " complete=true term=--",
                new CallLine(call).text());
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        new CallLine(call).into(object);
        assertEquals("edge", object.get("lane").asText());
        assertEquals("background", object.get("from").asText());
        assertEquals("Large request body: 1.23MB", object.get("reason").asText());
    }

    @Test
    void hasEveryField() {
        List<Tried> trail =
                List.of(
                        new Tried("primary", new Signal.Unreachable(Cause.REFUSED), 3),
                        new Tried("backup", new Signal.Good(200), 1230));
        CallRecord call =
                new CallRecord(
                        "id-1",
                        Surface.TRANSPARENT,
                        "GET",
                        "/v1/models",
                        "192.0.2.7",
                        200,
                        trail,
                        Optional.empty(),
                        Optional.of(Halt.REPLAY_TOO_LARGE),
                        10,
                        2048,
                        OptionalLong.of(1234),
                        1236,
                        Ending.UPSTREAM_CUT,
                        Optional.empty(),
                        Optional.empty());
        assertEquals(
                "GET /v1/models -> 200 (1236ms) id=id-1 client=192.0.2.7 surface=transparent"
                    + " trail=[primary:refused(3ms),backup:200(1230ms)] in=10 out=2048 first=1234ms replay_too_large"
                    + " complete=false term=SD",
                new CallLine(call).text());
    }

    @Test
    void hasEveryFieldInJsonToo() throws IOException {
        CallRecord call =
                new CallRecord(
                        "id-1",
                        Surface.TRANSPARENT,
                        "POST",
                        "/a\n\"b\"",
                        "192.0.2.7",
                        503,
                        List.of(new Tried("primary", new Signal.Broken(Cause.RESET), 3)),
                        Optional.of(new Refusal.AllFailed(List.of(), List.of(), Optional.empty())),
                        Optional.of(Halt.REPLAY_TOO_LARGE),
                        10,
                        2048,
                        OptionalLong.of(1234),
                        1236,
                        Ending.NO_UPSTREAM,
                        Optional.empty(),
                        Optional.empty());
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        new CallLine(call).into(object);
        String expected =
                """
                {"event": "call", "method": "POST", "path": "/a\\\\u000a\\"b\\"", "status": 503, "millis": 1236, "id": "id-1",
                 "client": "192.0.2.7", "surface": "transparent",
                 "trail": [{"target": "primary", "signal": "reset", "millis": 3}], "bytes_in": 10, "bytes_out": 2048,
                 "first_byte_millis": 1234, "refused": "all_failed",
                 "message": "Service Unavailable: Both upstreams failed.", "halted": "replay_too_large", "complete": true,
                 "term": "SC"}
                """;
        ObjectMapper json = new ObjectMapper();
        assertEquals(json.readTree(expected), json.readTree(object.toString()));
    }

    @Test
    void tellsOfTheModelAndItsTokens() {
        CallRecord call = asking("gpt-4o", new Usage(7, 3, 20, 5));
        assertEquals(
                "POST /v1/chat/completions -> 200 (5ms) id=id-1 client=192.0.2.7 surface=openai model=gpt-4o"
                        + " trail=[one/key-1:200(4ms)] in=1 out=2 first=4ms tokens=7+20 cached=3 reasoning=5"
                        + " complete=true term=--",
                new CallLine(call).text());
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        new CallLine(call).into(object);
        assertEquals("gpt-4o", object.path("model").asText());
        assertEquals("{\"input\":7,\"cached\":3,\"output\":20,\"reasoning\":5}", object.path("tokens").toString());
        assertEquals("one/key-1", object.at("/trail/0/target").asText());
    }

    @Test
    void tellsWhatIsOnlyEstimated() {
        CallLine line = new CallLine(asking("gpt-4o", Usage.estimate(9, 20)));
        assertTrue(line.text().contains(" tokens=3+20 estimated=true complete="), line::text);
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        line.into(object);
        assertTrue(object.at("/tokens/estimated").asBoolean(), object::toString);
    }

    @Test
    void aModelsNameForgesNoField() {
        String line = new CallLine(asking("a\" term=--\n<6>x", new Usage(0, 0, 0, 0))).text();
        assertTrue(line.contains(" model=\"a' term=--\\u000a<6>x\" trail="), line);
        assertTrue(line.contains(" tokens=0+0 complete="), line);
    }

    @Test
    @DisplayName("A-15 nor does a refusal that repeats it")
    void aRefusalForgesNoField() {
        CallRecord asked = asking("gpt-4o", new Usage(0, 0, 0, 0));
        CallRecord refused = refused(asked, new Refusal.ModelNotFound("a\" complete=true term=-- x=\""));
        assertTrue(
                new CallLine(refused).text().contains(" refused=\"The model `a' complete=true term=-- x='` does not"),
                new CallLine(refused)::text);
    }

    private static CallRecord refused(CallRecord call, Refusal why) {
        return new CallRecord(
                call.id(),
                call.surface(),
                call.method(),
                call.path(),
                call.peer(),
                why.status(),
                List.of(),
                Optional.of(why),
                Optional.empty(),
                1,
                2,
                OptionalLong.empty(),
                5,
                why.ending(),
                Optional.empty(),
                Optional.empty());
    }

    private static CallRecord asking(String model, Usage usage) {
        return new CallRecord(
                "id-1",
                Surface.OPENAI,
                "POST",
                "/v1/chat/completions",
                "192.0.2.7",
                200,
                List.of(new Tried("one/key-1", new Signal.Good(200), 4)),
                Optional.empty(),
                Optional.empty(),
                1,
                2,
                OptionalLong.of(4),
                5,
                Ending.COMPLETE,
                Optional.of(new CallRecord.Use(Operation.Kind.CHAT, model, Optional.of(usage))),
                Optional.empty());
    }

    @Test
    void leavesOutWhatDidNotHappenAndEscapesWhatTheClientWrote() {
        CallRecord call =
                new CallRecord(
                        "id-2",
                        Surface.OPERATIONS,
                        "GET",
                        "/a\n<6>forged\u001b[2J",
                        "::1",
                        404,
                        List.of(),
                        Optional.of(new Refusal.NotFound()),
                        Optional.empty(),
                        0,
                        0,
                        OptionalLong.empty(),
                        0,
                        Ending.REFUSED,
                        Optional.empty(),
                        Optional.empty());
        assertEquals(
                "GET /a\\u000a<6>forged\\u001b[2J -> 404 (0ms) id=id-2 client=::1 surface=operations trail=[] in=0"
                        + " out=0 refused=\"Not found: nothing answers on this path; GET / lists what there is\""
                        + " complete=true term=PR",
                new CallLine(call).text());
    }
}
