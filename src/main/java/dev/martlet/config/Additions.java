package dev.martlet.config;

import dev.martlet.Auth;
import dev.martlet.Field;
import dev.martlet.Fields;
import dev.martlet.Secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a channel adds to every request. Each value can be a credential.
final class Additions {
    private static final Kind<String> PARAMETER =
            Kind.matching("0 to 2048 characters, none of them a control character", "[^\\p{Cntrl}]{0,2048}").hidden();
    static final Kind<String> HEADER =
            Kind.matching(
                            "1 to 4096 characters of ISO 8859-1, no control character, no space at either end",
                            "(?! )[ -~\\u00a0-\\u00ff]{1,4096}(?<! )")
                    .hidden();

    /// What Martlet or the connection decides: where a message ends, how it is encoded, and for whom it is.
    private static final Set<String> OURS =
            Set.of(
                    "accept-encoding",
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-type",
                    "expect",
                    "host",
                    "http2-settings",
                    "keep-alive",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private static final List<String> OUR_PREFIXES = List.of("proxy-", "x-martlet-");
    private static final Secret NOBODYS = new Secret("");
    private static final String NAMES =
            "each header once, but not the one for the key, and none that says where a message ends, how it is encoded"
                    + " or whom it is for";

    private Additions() {}

    /// The parameters behind the question mark: those of the URLs, then those of the section.
    static String query(Section query, Stream<Endpoint> endpoints) {
        Stream<String> own = query.names().stream().map(name -> encoded(name) + "=" + encoded(value(query, name)));
        return Stream.concat(endpoints.map(Endpoint::query).filter(part -> !part.isEmpty()).distinct(), own)
                .collect(Collectors.joining("&"));
    }

    private static String value(Section query, String name) {
        return query.setting(name, PARAMETER).value("");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// @param auths where a credential can stand
    static Fields headers(Section headers, List<Auth> auths) {
        Map<String, Setting<String>> values = new LinkedHashMap<>();
        headers.names().forEach(name -> values.put(name, headers.setting(name, HEADER)));
        Set<String> taken =
                auths.stream().map(auth -> lowerCase(auth.field(NOBODYS).name())).collect(Collectors.toSet());
        return headers(values, taken);
    }

    /// Those of a service, whose callers bring their own credentials.
    static Fields headers(Map<String, Setting<String>> values) {
        return headers(values, Set.of());
    }

    private static Fields headers(Map<String, Setting<String>> values, Set<String> taken) {
        List<Field> lines = new ArrayList<>();
        Set<String> known = new HashSet<>(OURS);
        known.addAll(taken);
        values.forEach((name, value) -> {
            boolean usable = Field.isToken(name) && OUR_PREFIXES.stream().noneMatch(lowerCase(name)::startsWith);
            if (!usable || !known.add(lowerCase(name))) value.refuse("cannot go under this name", NAMES);
            else value.values(List.of()).forEach(text -> lines.add(new Field(name, text)));
        });
        return Fields.of(lines);
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
