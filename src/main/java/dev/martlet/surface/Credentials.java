package dev.martlet.surface;

import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.Secret;
import dev.martlet.wire.Headers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The credentials that a request brings. They stand in the fields that the SDKs of all providers use; never in the query,
/// which ends in the logs of whoever stands between.
final class Credentials {
    private static final String AUTHORIZATION = "Authorization";
    private static final String BEARER = "Bearer ";
    private static final Set<String> FIELDS = Set.of("x-api-key", "api-key", "x-goog-api-key");
    private static final int KEYS_MAX = 50;

    private Credentials() {}

    /// Keys for providers, in the order in which they were written; a comma list holds several.
    ///
    /// @throws Refused if two different credentials are given: whose they are could be understood in two ways
    static List<Secret> of(Fields fields) {
        List<String> given = given(fields).stream().distinct().toList();
        if (given.size() > 1) {
            throw new Refused(bad("Two different credentials; send one, as Authorization: Bearer <key>"));
        }
        if (given.isEmpty()) return List.of();
        List<Secret> keys =
                Arrays.stream(given.getFirst().split(",", -1))
                        .map(String::strip)
                        .filter(key -> !key.isEmpty() && !Headers.holdsClientKey(key))
                        .distinct()
                        .map(Secret::new)
                        .toList();
        if (keys.size() > KEYS_MAX) throw new Refused(bad("More than " + KEYS_MAX + " keys in one request"));
        return keys;
    }

    private static List<String> given(Fields fields) {
        List<String> given = new ArrayList<>(1);
        for (Field field : fields) {
            if (field.is(AUTHORIZATION)) bearer(field.value()).ifPresent(given::add);
            else if (FIELDS.stream().anyMatch(field::is) && !field.value().isBlank()) given.add(field.value().strip());
        }
        return given;
    }

    /// What stands behind the scheme (RFC 6750, section 2.1); another scheme brings nothing that we know.
    private static Optional<String> bearer(String value) {
        if (!value.regionMatches(true, 0, BEARER, 0, BEARER.length())) return Optional.empty();
        return Optional.of(value.substring(BEARER.length()).strip()).filter(key -> !key.isEmpty());
    }

    private static Refusal bad(String message) {
        return new Refusal.BadRequest("ambiguous_credentials", message, Optional.empty());
    }
}
