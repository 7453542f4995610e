package dev.martlet.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An absolute URL in its parts (RFC 3986, section 3).
///
/// @param user what stands before the host, with its `@`; may be a credential
/// @param host as [Host] has it
/// @param port when it was written
/// @param rest path, query and fragment
record Address(String scheme, String user, String host, Optional<Integer> port, String rest) {
    static final Kind<Address> SERVICE =
            new Kind<>(
                    "an http:// or https:// URL of a host, perhaps with port and path; no user, query or fragment",
                    text -> of(text).filter(Address::isService));

    static final Kind<String> ORIGIN =
            new Kind<>(
                    "* or an origin such as https://app.example, perhaps with port; no path",
                    text -> text.equals("*") ? Optional.of(text) : of(text).flatMap(Address::origin));

    static final Kind<URI> PROXY =
            new Kind<>(
                    "the http:// URL of a host, perhaps with user and port; no path",
                    text -> of(text.contains("://") ? text : "http://" + text).flatMap(Address::proxy));

    private static final int LENGTH_MAX = 2048;
    private static final Kind<Integer> PORT = Kind.whole(1, 65_535);
    private static final Pattern URL =
            Pattern.compile(
                    "([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*@)?"
                            + "(\\[[^\\[\\]/?#]*]|[^\\[\\]:/?#@]+)(?::([0-9]{1,5}))?([/?#].*)?");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@%/-]*");
    private static final Pattern BAD_OCTET = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern DOT_SEGMENT = Pattern.compile("(?i)/(?:\\.|%2e){1,2}(?:/|$)");

    static Optional<Address> of(String text) {
        Matcher url = URL.matcher(text);
        if (text.length() > LENGTH_MAX || !url.matches()) return Optional.empty();
        String port = part(url, 4, text);
        Optional<Integer> number = PORT.read(port);
        if (number.isEmpty() && !port.isEmpty()) return Optional.empty();
        String scheme = part(url, 1, text).toLowerCase(Locale.ROOT);
        return Host.of(part(url, 3, text))
                .map(host -> new Address(scheme, part(url, 2, text), host, number, part(url, 5, text)));
    }

    private static String part(Matcher url, int group, String text) {
        return url.start(group) < 0 ? "" : text.substring(url.start(group), url.end(group));
    }

    boolean tls() {
        return scheme.equals("https");
    }

    int portOrStandard() {
        return port.orElse(standardPort());
    }

    private int standardPort() {
        return tls() ? 443 : 80;
    }

    private boolean isWeb() {
        return tls() || scheme.equals("http");
    }

    /// The same host with another path.
    Address with(String path) {
        return new Address(scheme, user, host, port, path);
    }

    /// The path without slashes at its end.
    String basePath() {
        return rest.replaceFirst("/+$", "");
    }

    private boolean isService() {
        return isWeb() && user.isEmpty() && isPath(rest);
    }

    private static boolean isPath(String text) {
        return PATH.matcher(text).matches() && !BAD_OCTET.matcher(text).find() && !DOT_SEGMENT.matcher(text).find();
    }

    /// As a browser writes it: a scheme's own port is left out (RFC 6454, section 6.2).
    private Optional<String> origin() {
        if (!user.isEmpty() || !basePath().isEmpty()) return Optional.empty();
        String otherPort =
                port.filter(number -> !isWeb() || number != standardPort()).map(number -> ":" + number).orElse("");
        return Optional.of(scheme + "://" + bracketed() + otherPort);
    }

    /// With its port, because clients of proxies do not agree on a standard one.
    private Optional<URI> proxy() {
        if (!scheme.equals("http") || !basePath().isEmpty()) return Optional.empty();
        try {
            URI uri = new URI("http://" + user + bracketed() + ":" + portOrStandard());
            return Optional.of(uri).filter(each -> each.getHost() != null);
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    private String bracketed() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    /// Never the parts: one may be a credential.
    @Override
    public String toString() {
        return "Address";
    }
}
