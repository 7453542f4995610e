package dev.martlet.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

class StatsLineTest {
    private final StatsLine.Since since = new StatsLine.Since(totals(100, 1), footprint(60, 10_000, 40));

    @Test
    void tellsWhatHappenedSinceTheLastLine() {
        String pid = "stats pid=" + ProcessHandle.current().pid();
        assertEquals(
                Optional.of(pid + " requests=156 errors=2 rss=245MiB heap=123MiB cpu=150% gc=12ms"),
                since.next(totals(256, 3), footprint(90, 55_000, 52)).map(StatsLine::text));
        assertEquals(
                Optional.of(pid + " requests=1 errors=0 rss=245MiB heap=123MiB cpu=0% gc=0ms"),
                since.next(totals(257, 3), footprint(120, 55_100, 52)).map(StatsLine::text));
    }

    @Test
    void isSilentWithoutTrafficAndThenTellsOfAllTheTime() {
        assertEquals(Optional.empty(), since.next(totals(100, 1), footprint(90, 11_000, 40)));
        StatsLine line = since.next(totals(101, 1), footprint(160, 60_000, 40)).orElseThrow();
        assertEquals(50, line.cpuPercent());
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        line.into(object);
        assertEquals(
                "{\"event\":\"stats\",\"pid\":"
                        + line.pid()
                        + ",\"requests\":1,\"errors\":0,\"rss_bytes\":256901120,"
                        + "\"heap_bytes\":128974848,\"cpu_percent\":50,\"gc_millis\":0}",
                object.toString());
    }

    private static Totals totals(long calls, long failed) {
        return new Totals(calls, failed, 0, 0, 0, Map.of());
    }

    private static Footprint footprint(long uptimeSeconds, long cpuMillis, long collectingMillis) {
        return new Footprint(
                new Footprint.Memory(
                        OptionalLong.of(245L << 20), new Footprint.Heap(123L << 20, 200L << 20, 256L << 20), 0, 0),
                Duration.ofMillis(cpuMillis),
                7,
                Duration.ofMillis(collectingMillis),
                30,
                new Footprint.OpenFiles(40, 1024),
                Duration.ofSeconds(uptimeSeconds));
    }
}
