package dev.martlet.telemetry;

import dev.martlet.CallRecord;
import dev.martlet.Tried;

import java.util.stream.Collectors;

/// The log line of a call; its beginning is the one of seed 000: `GET /v1/models -> 200 (1236ms)`.
final class CallLine {
    private CallLine() {}

    static String of(CallRecord call) {
        StringBuilder line =
                new StringBuilder(256)
                        .append(Escaped.text(call.method()))
                        .append(' ')
                        .append(Escaped.text(call.path()))
                        .append(" -> ")
                        .append(call.status())
                        .append(" (")
                        .append(call.millis())
                        .append("ms) id=")
                        .append(call.id())
                        .append(" client=")
                        .append(call.peer())
                        .append(" surface=")
                        .append(call.surface().word())
                        .append(" trail=")
                        .append(call.trail().stream().map(CallLine::step).collect(Collectors.joining(",", "[", "]")))
                        .append(" in=")
                        .append(call.bytesIn())
                        .append(" out=")
                        .append(call.bytesOut());
        call.firstByteMillis().ifPresent(millis -> line.append(" first=").append(millis).append("ms"));
        call.refused().ifPresent(why -> line.append(" refused=\"").append(Escaped.text(why.message())).append('"'));
        if (call.replayTooLarge()) line.append(" replay_too_large");
        return line.append(" complete=")
                .append(call.ending().complete())
                .append(" term=")
                .append(call.ending().letters())
                .toString();
    }

    private static String step(Tried tried) {
        return tried.name() + ":" + tried.signal().word() + "(" + tried.millis() + "ms)";
    }
}
