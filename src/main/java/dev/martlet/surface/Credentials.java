package dev.martlet.surface;

import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.Secret;
import dev.martlet.wire.Headers;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The credentials that a request brings. They stand in the fields that the SDKs of all providers use; never in the query,
/// which ends in the logs of whoever stands between.
final class Credentials {
    private static final String AUTHORIZATION = "Authorization";
    private static final String BEARER = "Bearer ";
    private static final List<String> FIELDS = List.of("x-api-key", "api-key", "x-goog-api-key");
    private static final int KEYS_MAX = 50;

    private Credentials() {}

    /// Keys for providers, in the order in which they were written; a comma list holds several.
    ///
    /// @throws Refused if two different credentials are given: whose they are could be understood in two ways
    static List<Secret> of(Fields fields) {
        String given = "";
        for (Field field : fields) {
            String one = given(field);
            if (!given.isEmpty() && !one.isEmpty() && !one.equals(given)) {
                throw new Refused(bad("Two different credentials; send one, as Authorization: Bearer <key>"));
            }
            if (!one.isEmpty()) given = one;
        }
        return given.isEmpty() ? List.of() : keys(given);
    }

    private static List<Secret> keys(String given) {
        if (given.indexOf(',') < 0) return Headers.holdsClientKey(given) ? List.of() : List.of(new Secret(given));
        Set<String> keys = new LinkedHashSet<>();
        for (String written : given.split(",", -1)) {
            String key = written.strip();
            if (!key.isEmpty() && !Headers.holdsClientKey(key)) keys.add(key);
        }
        if (keys.size() > KEYS_MAX) throw new Refused(bad("More than " + KEYS_MAX + " keys in one request"));
        return keys.stream().map(Secret::new).toList();
    }

    /// The credential that a field holds; empty for none.
    private static String given(Field field) {
        if (field.is(AUTHORIZATION)) return bearer(field.value());
        for (String name : FIELDS) {
            if (field.is(name)) return field.value().strip();
        }
        return "";
    }

    /// What stands behind the scheme (RFC 6750, section 2.1); another scheme brings nothing that we know.
    private static String bearer(String value) {
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length()) ? value.substring(BEARER.length()).strip() : "";
    }

    private static Refusal bad(String message) {
        return new Refusal.BadRequest("ambiguous_credentials", message, Optional.empty());
    }
}
