package dev.martlet.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Optional;

/// How it went since the line before: seed 003's two lines of statistics in one.
///
/// @param requests   calls that have ended since
/// @param errors     those that failed
/// @param cpuPercent of one core; more than 100 when several were busy
/// @param collecting how long garbage collections took
record StatsLine(long pid, long requests, long errors, Footprint footprint, long cpuPercent, Duration collecting)
        implements Line {

    @Override
    public String text() {
        StringBuilder line = new StringBuilder("stats pid=").append(pid);
        line.append(" requests=").append(requests).append(" errors=").append(errors);
        footprint.memory().resident().ifPresent(bytes -> line.append(" rss=").append(mebibytes(bytes)).append("MiB"));
        line.append(" heap=").append(mebibytes(footprint.memory().heap().used())).append("MiB");
        return line.append(" cpu=").append(cpuPercent).append("% gc=").append(collecting.toMillis()) + "ms";
    }

    @Override
    public void into(ObjectNode object) {
        object.put("event", "stats").put("pid", pid).put("requests", requests).put("errors", errors);
        footprint.memory().resident().ifPresent(bytes -> object.put("rss_bytes", bytes));
        object.put("heap_bytes", footprint.memory().heap().used()).put("cpu_percent", cpuPercent);
        object.put("gc_millis", collecting.toMillis());
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }

    /// What the next line is counted from.
    static final class Since {
        private Totals totals;
        private Footprint footprint;

        Since(Totals totals, Footprint footprint) {
            this.totals = totals;
            this.footprint = footprint;
        }

        /// The line about the time since the last one; none when there were no calls.
        Optional<StatsLine> next(Totals now, Footprint taken) {
            long requests = now.calls() - totals.calls();
            if (requests == 0) return Optional.empty();
            Duration cpu = taken.cpu().minus(footprint.cpu());
            long millis = Math.max(1, taken.uptime().minus(footprint.uptime()).toMillis());
            StatsLine line =
                    new StatsLine(
                            ProcessHandle.current().pid(),
                            requests,
                            now.failed() - totals.failed(),
                            taken,
                            Math.round(100.0 * cpu.toMillis() / millis),
                            taken.collecting().minus(footprint.collecting()));
            totals = now;
            footprint = taken;
            return Optional.of(line);
        }
    }
}
