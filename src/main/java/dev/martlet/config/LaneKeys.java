package dev.martlet.config;

import dev.martlet.Lanes;

import java.time.Duration;

/// The section `lanes`.
final class LaneKeys {
    static final Duration BRIEF = Duration.ofMillis(10);
    static final Duration LONGEST = Duration.ofDays(1);
    static final Kind<Duration> TIME = Kind.time(BRIEF, LONGEST);
    static final Kind<Duration> MILLIS = Kind.millis(BRIEF, LONGEST);
    static final Kind<Long> LIMIT = Kind.size(1, 1L << 40);

    private static final Kind<Integer> PLACES = Kind.whole(1, 1_000_000);

    /// As in the seed, every other word leaves it on.
    private static final Kind<Boolean> UNLESS_FALSE = Kind.always(true).butFor("false", false);

    private LaneKeys() {}

    static Lanes read(Section lanes) {
        Lanes standard = Lanes.STANDARD;
        Section edge = lanes.section("edge");
        Section background = lanes.section("background");
        Duration edgeTime = edge.setting("timeout", TIME).or(MILLIS, "DEFAULT_TIMEOUT").value(standard.edgeTime());
        long answerBytesMax =
                edge.setting("response-limit", LIMIT).or(LIMIT, "MAX_RESPONSE_SIZE").value(standard.answerBytesMax());
        Duration backgroundTime =
                background.setting("timeout", TIME).or(MILLIS, "BACKGROUND_TIMEOUT").value(standard.backgroundTime());
        int places = background.setting("concurrency", PLACES).value(standard.backgroundPlaces());
        boolean retry = lanes.setting("retry", Kind.truth()).or(UNLESS_FALSE, "ENABLE_RETRY").value(standard.retry());
        boolean fallback =
                lanes.setting("fallback", Kind.truth()).or(UNLESS_FALSE, "ENABLE_FALLBACK").value(standard.fallback());
        return new Lanes(edgeTime, backgroundTime, answerBytesMax, places, retry, fallback);
    }
}
