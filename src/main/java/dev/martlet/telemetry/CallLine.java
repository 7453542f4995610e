package dev.martlet.telemetry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.martlet.CallRecord;
import dev.martlet.Tried;
import dev.martlet.Usage;

import java.util.stream.Collectors;

/// The log line of a call; its beginning is the one of seed 000: `GET /v1/models -> 200 (1236ms)`.
record CallLine(CallRecord call) implements Line {
    @Override
    public String text() {
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
                        .append(call.way().map(CallLine::lane).orElse(""))
                        .append(call.use().map(CallLine::asked).orElse(""))
                        .append(" trail=")
                        .append(call.trail().stream().map(CallLine::step).collect(Collectors.joining(",", "[", "]")))
                        .append(" in=")
                        .append(call.bytesIn())
                        .append(" out=")
                        .append(call.bytesOut());
        call.firstByteMillis().ifPresent(millis -> line.append(" first=").append(millis).append("ms"));
        call.use().flatMap(CallRecord.Use::usage).ifPresent(usage -> tokens(usage, line));
        call.refused().ifPresent(why -> line.append(" refused=").append(Escaped.quoted(why.message())));
        call.halted().ifPresent(why -> line.append(' ').append(why.word()));
        return line.append(" complete=")
                .append(call.ending().complete())
                .append(" term=")
                .append(call.ending().letters())
                .toString();
    }

    @Override
    public void into(ObjectNode object) {
        object.put("event", "call");
        object.put("method", Escaped.text(call.method())).put("path", Escaped.text(call.path()));
        object.put("status", call.status()).put("millis", call.millis());
        object.put("id", call.id()).put("client", call.peer()).put("surface", call.surface().word());
        call.way()
                .ifPresent(way -> {
                    object.put("lane", way.taken().word()).put("reason", way.chosen().text());
                    if (way.fellBack()) object.put("from", way.chosen().lane().word());
                });
        call.use().ifPresent(use -> object.put("model", Escaped.text(use.model())));
        ArrayNode trail = object.putArray("trail");
        for (Tried tried : call.trail()) {
            ObjectNode step = trail.addObject().put("target", tried.name());
            step.put("signal", tried.signal().word()).put("millis", tried.millis());
        }
        object.put("bytes_in", call.bytesIn()).put("bytes_out", call.bytesOut());
        call.firstByteMillis().ifPresent(millis -> object.put("first_byte_millis", millis));
        call.use().flatMap(CallRecord.Use::usage).ifPresent(usage -> tokens(usage, object.putObject("tokens")));
        call.refused()
                .ifPresent(why -> {
                    object.put("refused", why.word()).put("message", Escaped.text(why.message()));
                });
        call.halted().ifPresent(why -> object.put("halted", why.word()));
        object.put("complete", call.ending().complete()).put("term", call.ending().letters());
    }

    /// The reason is that of the lane that was chosen, also when the call went on in another.
    private static String lane(CallRecord.Way way) {
        String from = way.fellBack() ? " from=" + way.chosen().lane().word() : "";
        return " lane=" + way.taken().word() + from + " reason=\"" + way.chosen().text() + '"';
    }

    private static String asked(CallRecord.Use use) {
        return " model=" + Escaped.word(use.model());
    }

    /// Input and output; what of them was cached, and what was reasoning, only where there was some.
    private static void tokens(Usage usage, StringBuilder line) {
        line.append(" tokens=").append(usage.input()).append('+').append(usage.output());
        if (usage.cached() > 0) line.append(" cached=").append(usage.cached());
        if (usage.reasoning() > 0) line.append(" reasoning=").append(usage.reasoning());
        if (usage.estimated()) line.append(" estimated=true");
    }

    private static void tokens(Usage usage, ObjectNode tokens) {
        tokens.put("input", usage.input()).put("cached", usage.cached());
        tokens.put("output", usage.output()).put("reasoning", usage.reasoning());
        if (usage.estimated()) tokens.put("estimated", true);
    }

    private static String step(Tried tried) {
        return tried.name() + ":" + tried.signal().word() + "(" + tried.millis() + "ms)";
    }
}
