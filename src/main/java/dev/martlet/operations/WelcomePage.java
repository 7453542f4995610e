package dev.martlet.operations;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/// What `/` shows to people: where to point an SDK, a first call to copy, and which services there are.
final class WelcomePage {
    private static final String TEMPLATE = read();

    /// Nothing is loaded, and only the style and the script of the page itself count (CSP level 3).
    static final String POLICY =
            "default-src 'none'; style-src "
                    + hash("style")
                    + "; script-src "
                    + hash("script")
                    + "; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String WITH_CALLS = without("<!-- no calls -->", "<!-- end -->");
    private static final String WITHOUT_CALLS = without("<!-- calls -->", "<!-- no calls -->");

    private static final String SERVICES =
            """
            <h2>Services</h2>
            <p class="quiet">Each has a base URL of its own, <code>/gateway/</code> and its name<span hidden>; a click copies
            it</span>. OpenAI's SDK wants <code>/v1</code> behind it, Anthropic's and Google's do not.</p>
            <ul>
            """;
    private static final String SERVICE =
            """
              <li><button type="button" data-path="/gateway/${name}" disabled>${name}</button></li>
            """;

    private WelcomePage() {}

    /// @param base   the address under which it is asked for, as far as it is known: `http://gateway:8080`
    /// @param status in a word
    static String of(Offers offers, String base, String status) {
        String origin = escaped(base);
        return (offers.isEmpty() ? WITHOUT_CALLS : WITH_CALLS)
                .replace("${status}", status)
                .replace("${version}", Version.TEXT)
                .replace("${bases}", bases(offers, origin))
                .replace("${call}", origin + offers.firstBase() + "/chat/completions")
                .replace("${sdk}", origin + offers.firstBase())
                .replace("${model}", escaped(offers.model()))
                .replace("${services}", services(offers))
                .replace("${links}", links(offers))
                .replace("${base}", origin);
    }

    private static String bases(Offers offers, String origin) {
        StringBuilder rows = new StringBuilder();
        if (offers.channels()) rows.append(row("Any model", origin + "/v1"));
        if (!offers.services().isEmpty()) {
            rows.append(row("One service", origin + (offers.channels() ? "/gateway/{service}" : offers.firstBase())));
        }
        if (offers.forwards()) rows.append(row("Anything else", origin));
        return rows.toString();
    }

    private static String row(String what, String address) {
        return "  <div class=\"row\"><span>"
                + what
                + "</span><code>"
                + address
                + "</code><button type=\"button\" data-copies=\"code\" disabled>Copy</button></div>\n";
    }

    private static String services(Offers offers) {
        if (offers.services().isEmpty()) return "";
        StringBuilder list = new StringBuilder(SERVICES);
        for (String name : offers.services()) {
            list.append(SERVICE.replace("${name}", escaped(name)));
        }
        return list.append("</ul>\n").toString();
    }

    private static String links(Offers offers) {
        List<String> paths = new ArrayList<>(List.of("/health"));
        if (!offers.services().isEmpty()) paths.add("/gateway/health");
        if (offers.channels()) paths.add("/v1/models");
        StringBuilder links = new StringBuilder();
        for (String path : paths) links.append("<a href=\"" + path + "\">" + path + "</a> ");
        return links.toString().strip();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static String without(String from, String to) {
        return TEMPLATE.substring(0, TEMPLATE.indexOf(from)) + TEMPLATE.substring(TEMPLATE.indexOf(to) + to.length());
    }

    private static String hash(String element) {
        int from = TEMPLATE.indexOf("<" + element + ">") + element.length() + 2;
        String content = TEMPLATE.substring(from, TEMPLATE.indexOf("</" + element + ">", from));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String read() {
        try (InputStream page = WelcomePage.class.getResourceAsStream("welcome.html")) {
            return new String(Objects.requireNonNull(page, "welcome.html").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
