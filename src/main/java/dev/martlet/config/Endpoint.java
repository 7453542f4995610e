package dev.martlet.config;

import dev.martlet.Dialect;
import dev.martlet.Target;
import dev.martlet.Timeouts;
import dev.martlet.Trust;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/// The URL of a channel: where it is reached, and what every request carries behind the question mark.
///
/// @param query empty for none; only the address of one operation has one
record Endpoint(Address address, String query) {
    /// The path below a base URL at which OpenAI's dialect has its chat; whoever copies a full address copies it, too.
    private static final String CHAT = "/chat/completions";

    static final Kind<Endpoint> KIND =
            new Kind<>(
                    "an http:// or https:// URL of a host, perhaps with port and path; no user or fragment, and a query"
                            + " only behind "
                            + CHAT,
                    Endpoint::of);

    private static final Pattern QUERY = Pattern.compile("(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}){1,2048}");

    private static Optional<Endpoint> of(String text) {
        int mark = text.indexOf('?');
        if (mark < 0) return Address.SERVICE.read(text).map(address -> new Endpoint(address, ""));
        String url = text.substring(0, mark);
        String query = text.substring(mark + 1);
        if (!url.endsWith(CHAT) || !QUERY.matcher(query).matches()) return Optional.empty();
        return Address.SERVICE.read(url).map(address -> new Endpoint(address, query));
    }

    /// What the path of every request begins with: a path is taken as it stands, and where there is none it is the version
    /// that the dialect has everywhere.
    String basePath(Dialect dialect) {
        String path = address.basePath();
        if (path.endsWith(CHAT)) return path.substring(0, path.length() - CHAT.length());
        return path.isEmpty() ? version(dialect) : path;
    }

    Target target(Dialect dialect, Trust trust, Optional<URI> proxy, Timeouts timeouts) {
        return new Target(
                address.tls(), address.host(), address.portOrStandard(), basePath(dialect), trust, proxy, timeouts);
    }

    private static String version(Dialect dialect) {
        return switch (dialect) {
            case OPENAI, RESPONSES, ANTHROPIC -> "/v1";
            case GEMINI -> "/v1beta";
        };
    }

    /// Never the parts: one may be a credential.
    @Override
    public String toString() {
        return "Endpoint";
    }
}
