package dev.martlet.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.CallRecord;
import dev.martlet.Cause;
import dev.martlet.Ending;
import dev.martlet.Refusal;
import dev.martlet.Signal;
import dev.martlet.Surface;
import dev.martlet.Tried;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

class CallLineTest {
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
                        true,
                        10,
                        2048,
                        OptionalLong.of(1234),
                        1236,
                        Ending.UPSTREAM_CUT);
        assertEquals(
                "GET /v1/models -> 200 (1236ms) id=id-1 client=192.0.2.7 surface=transparent"
                    + " trail=[primary:refused(3ms),backup:200(1230ms)] in=10 out=2048 first=1234ms replay_too_large"
                    + " complete=false term=SD",
                CallLine.of(call));
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
                        false,
                        0,
                        0,
                        OptionalLong.empty(),
                        0,
                        Ending.REFUSED);
        assertEquals(
                "GET /a\\u000a<6>forged\\u001b[2J -> 404 (0ms) id=id-2 client=::1 surface=operations trail=[] in=0"
                        + " out=0 refused=\"Not found: this path belongs to Martlet, and nothing answers on it\""
                        + " complete=true term=PR",
                CallLine.of(call));
    }
}
