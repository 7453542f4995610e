package dev.martlet.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

final class WelcomePageTest {
    private static final String BASE = "http://gateway:8080";

    @Test
    void namesTheBaseAddressesOfWhatIsThere() {
        String all = WelcomePage.of(new Offers(true, List.of("openai", "claude"), true), BASE, "ok");
        assertTrue(all.contains("<code>" + BASE + "/v1</code>"), all);
        assertTrue(all.contains("<code>" + BASE + "/gateway/{service}</code>"), all);
        assertTrue(all.contains("data-path=\"/gateway/claude\">claude</button>"), all);
        String forwarded = WelcomePage.of(new Offers(false, List.of(), true), BASE, "ok");
        assertFalse(forwarded.contains("/gateway/"), forwarded);
        assertTrue(forwarded.contains("<code>" + BASE + "</code>"), forwarded);
    }

    @Test
    void theFirstCallGoesWhereSomebodyAnswers() {
        String services = WelcomePage.of(new Offers(false, List.of("openai"), false), BASE, "ok");
        assertTrue(services.contains("curl " + BASE + "/gateway/openai/v1/chat/completions"), services);
        String channels = WelcomePage.of(new Offers(true, List.of("openai"), false), BASE, "ok");
        assertTrue(channels.contains("base_url=\"" + BASE + "/v1\""), channels);
    }

    @Test
    void leavesNoPlaceholder() {
        for (boolean channels : List.of(true, false)) {
            String page = WelcomePage.of(new Offers(channels, List.of(), false), BASE, "ok");
            assertFalse(page.contains("${"), page);
            assertEquals(channels, page.contains("First call"), page);
        }
    }

    @Test
    void itsPolicyNamesItsOwnStyleAndScript() {
        assertTrue(WelcomePage.POLICY.matches(".*style-src 'sha256-[^' ]{44}'; script-src 'sha256-[^' ]{44}'.*"));
    }

    @Test
    void aHostThatIsMarkupStaysText() {
        String page = WelcomePage.of(new Offers(true, List.of(), false), "http://\"><script>alert(1)</script>&", "ok");
        assertFalse(page.contains("<script>alert"), page);
        assertTrue(page.contains("data-base=\"http://&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;\""), page);
    }
}
