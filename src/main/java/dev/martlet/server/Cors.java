package dev.martlet.server;

import dev.martlet.Fields;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What lets a browser of another origin read our answers (Fetch standard, "CORS protocol"). Never with credentials.
final class Cors {
    private static final String METHODS = "GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS";
    private static final String EXPOSED =
            "Content-Type, Content-Length, X-Request-Id, X-Processing-Mode, X-Processing-Time";

    private static final Pattern NAMES =
            Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+( ?, ?[A-Za-z0-9!#$%&'*+.^_`|~-]+){0,63}");
    private static final Fields PREFLIGHT =
            Fields.of("Access-Control-Allow-Methods", METHODS, "Access-Control-Max-Age", "86400");

    private static final Fields ANY =
            Fields.of("Access-Control-Allow-Origin", "*", "Access-Control-Expose-Headers", EXPOSED);
    private static final Fields VARIES = Fields.of("Vary", "Origin", "Access-Control-Expose-Headers", EXPOSED);

    private Cors() {}

    /// For every answer.
    static Fields answer(List<String> origins, Optional<String> origin) {
        if (origins.contains("*")) return ANY;
        boolean known = origin.isPresent() && origins.contains(origin.get());
        return known ? VARIES.with("Access-Control-Allow-Origin", origin.get()) : VARIES;
    }

    /// What the answer to OPTIONS says besides. The names that are asked for are said again, because `*` does not mean
    /// `Authorization` ("CORS non-wildcard request-header name").
    static Fields preflight(Optional<String> askedFor) {
        String names = askedFor.filter(list -> NAMES.matcher(list).matches()).orElse("*");
        return PREFLIGHT.with("Access-Control-Allow-Headers", names);
    }
}
