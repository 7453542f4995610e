package dev.martlet.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.Fields;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

@DisplayName("How long a provider asks to wait")
class PausesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '>',
            nullValues = "-",
            value = {
                "Retry-After: 30 > 30000",
                "retry-after: 0 > 0",
                "Retry-After: 0.2 > 200",
                "Retry-After: 1. > 1000",
                "Retry-After: -5 > 0",
                "Retry-After: 99999 > 99999000",
                "Retry-After: 999999999999 > 2678400000",
                "Retry-After: 99999999999999999999 > -",
                "Retry-After: soon > -",
                "Retry-After: 1e3 > -",
                "Retry-After: NaN > -",
                "Retry-After: 5s > -",
                "Retry-After: Thu, 01 Jan 2026 00:01:00 GMT > 60000",
                "Retry-After: Wed, 31 Dec 2025 23:59:00 GMT > 0",
                "Retry-After: Thu, 01 Jan 2026 00:01:00 GMT; Date: Thu, 01 Jan 2026 00:00:50 GMT > 10000",
                "Retry-After: Thu, 99 Jan 2026 00:01:00 GMT > -",
                "retry-after-ms: 120; Retry-After: 1 > 120",
                "retry-after-ms: 120.5 > 121",
                "retry-after-ms: soon; Retry-After: 1 > 1000",
                "x-ratelimit-reset-requests: 1s > 1000",
                "x-ratelimit-reset-requests: 6m0s > 360000",
                "x-ratelimit-reset-requests: 120ms > 120",
                "x-ratelimit-reset-tokens: 1h2m3.5s > 3723500",
                "x-ratelimit-reset-tokens: 1d > 86400000",
                "x-ratelimit-reset-tokens: 800us > 1",
                "x-ratelimit-reset-tokens: 1s junk > -",
                "x-ratelimit-reset-tokens: s > -",
                "x-ratelimit-reset-tokens: 7.66 > 7660",
                "X-RateLimit-Reset: 1767225660 > 60000",
                "X-RateLimit-Reset: 1767225660000 > 60000",
                "X-RateLimit-Reset: 1767220000 > 0",
                "x-ratelimit-reset-requests: 120ms; x-ratelimit-reset-tokens: 6s > 120",
                "x-ratelimit-reset-requests: 120ms; x-ratelimit-remaining-requests: 5; x-ratelimit-reset-tokens: 6s;"
                        + " x-ratelimit-remaining-tokens: 0 > 6000",
                "x-ratelimit-reset-requests: 9s; x-ratelimit-remaining-requests: 0; x-ratelimit-reset-tokens: 6s;"
                        + " x-ratelimit-remaining-tokens: 0 > 9000",
                "Retry-After: 7; x-ratelimit-reset-requests: 1s > 7000",
                "anthropic-ratelimit-requests-reset: 2026-01-01T00:01:05Z > 65000",
                "anthropic-ratelimit-requests-reset: 2026-01-01T01:01:05+01:00 > 65000",
                "anthropic-ratelimit-requests-reset: 2025-12-31T23:59:59Z > 0",
                "anthropic-ratelimit-requests-reset: tomorrow > -",
                "anthropic-ratelimit-requests-reset: 2026-01-01T00:00:01Z; anthropic-ratelimit-requests-remaining: 9;"
                        + " anthropic-ratelimit-input-tokens-reset: 2026-01-01T00:00:30Z;"
                        + " anthropic-ratelimit-input-tokens-remaining: 0 > 30000",
                "retry-after: 8; anthropic-ratelimit-requests-reset: 2026-01-01T00:01:05Z > 8000",
                "Content-Type: text/html > -"
            })
    @DisplayName("is understood in the ways in which they say it, or not at all (U-36)")
    void isUnderstood(String head, Long millis) {
        assertEquals(Optional.ofNullable(millis).map(Duration::ofMillis), Pauses.of(fields(head), NOW));
    }

    private static Fields fields(String head) {
        List<String> namesAndValues = new ArrayList<>();
        for (String line : head.split("; ", -1)) namesAndValues.addAll(List.of(line.split(": ", 2)));
        return Fields.of(namesAndValues.toArray(String[]::new));
    }
}
